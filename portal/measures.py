"""What the portal measures of itself: one table, and the two calls that add to it.

Each call is one log line in CloudWatch's embedded metric format (`portal/logs.py` writes it), from which
CloudWatch makes the metrics. Alarms and dashboard are tested against this table. Nothing in it is
about a person: a dimension's value is one of a few fixed words.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

NAMESPACE = "MediCareHub"
HUB, ZONE = "Hub", "Zone"
"""Dimensions that every line has by itself: which hub, and the availability zone of the instance."""

_WAITING = "measured_when_committed"


class Unit(StrEnum):
    """CloudWatch's names of them."""

    COUNT = "Count"
    SECONDS = "Seconds"
    MILLISECONDS = "Milliseconds"
    BYTES = "Bytes"


@dataclass(frozen=True)
class Measure:
    """Something that happens, and the figures that it leaves."""

    name: str
    figures: Mapping[str, Unit]
    by: tuple[tuple[str, ...], ...] = ((),)
    """The sets of dimensions, besides the hub, under which CloudWatch keeps each figure."""
    directives: list[dict[str, Any]] = field(init=False, repr=False)
    """What tells CloudWatch to make metrics of the line."""

    def __post_init__(self) -> None:
        metrics = [{"Name": name, "Unit": unit.value} for name, unit in self.figures.items()]
        dimensions = [[HUB, *names] for names in self.by]
        directive = {"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": metrics}
        object.__setattr__(self, "directives", [directive])

    @property
    def needed(self) -> frozenset[str]:
        """What must be given with each line."""
        return frozenset(self.figures).union(*self.by) - {ZONE}


REQUEST = Measure(
    "request",
    {"RequestLatency": Unit.MILLISECONDS, "ServerErrors": Unit.COUNT},
    by=((), (ZONE,), ("Route",)),
)
"""An answered request; how many there were is the number of samples. `Route` is a route's pattern."""

BOOKING = Measure("booking", {"Bookings": Unit.COUNT}, by=(("Outcome",),))
"""`booked`, `moved`, `cancelled`; `refused` when somebody else was first."""

SIGN_IN = Measure("sign-in", {"SignIns": Unit.COUNT})
SIGN_IN_FAILED = Measure("sign-in failed", {"SignInsFailed": Unit.COUNT}, by=((), ("Reason",)))

OUTBOX = Measure("outbox", {"OldestNoticeAge": Unit.SECONDS, "NoticesWaiting": Unit.COUNT})
"""Once a minute: how long the notice that waits longest has been due, and how many are."""

NOTICE = Measure("notice", {"NoticesSent": Unit.COUNT, "NoticesFailed": Unit.COUNT})
JOB_FAILED = Measure("job failed", {"JobsFailed": Unit.COUNT}, by=((), ("Job",)))
"""A portion of the worker's work that raised; it is tried again."""

DATABASE_LOST = Measure("database lost", {"DatabaseConnectionsLost": Unit.COUNT}, by=((), (ZONE,)))
"""A connection that broke or led to a read-only database; the next one is made anew."""

SHED = Measure("shed", {"RequestsShed": Unit.COUNT})
"""A request that was asked to come back because the portal was full."""

SNAPSHOT = Measure("snapshot", {"SnapshotAge": Unit.SECONDS})
"""Once a minute: how long ago the lists for downtime were last written."""

UPLOAD = Measure("upload", {"Uploads": Unit.COUNT, "UploadSize": Unit.BYTES}, by=(("Outcome",),))
"""`kept`, `refused`, or `resting` while the shared file system is away."""

QUARANTINE = Measure("quarantine", {"QuarantineAge": Unit.SECONDS, "FilesInQuarantine": Unit.COUNT})
"""Once a minute: how long the file that waits longest for the scanner has, and how many wait."""

SIGNATURES = Measure("signatures", {"SignatureAge": Unit.SECONDS})
"""Every five minutes, by each instance: how old the virus scanner's signatures are."""

DAMAGED_FILE = Measure("damaged file", {"FilesDamaged": Unit.COUNT})
"""A kept file that does not match its hash."""

ALL = tuple(value for value in globals().values() if isinstance(value, Measure))


def measured(measure: Measure, **values: object) -> None:
    """Writes the line. `values` are all of the measure's figures and dimensions, and facts beside them.

    Raises `ValueError` when one that is needed is missing.
    """
    if missing := measure.needed - values.keys():
        raise ValueError(f"{measure.name} was measured without {', '.join(sorted(missing))}")
    log.info(measure.name, extra={"facts": values, "directives": measure.directives})


def measured_when_committed(session: Session, measure: Measure, **values: object) -> None:
    """Writes the line once the session's transaction is committed; rolled back, it never was."""
    session.info.setdefault(_WAITING, []).append((measure, values))


@event.listens_for(Session, "after_commit")
def _write_what_waited(session: Session) -> None:
    if not session.in_nested_transaction():
        for measure, values in session.info.pop(_WAITING, ()):
            measured(measure, **values)


@event.listens_for(Session, "after_rollback")
def _forget_what_waited(session: Session) -> None:
    session.info.pop(_WAITING, None)
