"""The portal's metrics: their definitions, and two functions that write them.

Each call writes one log line in CloudWatch's embedded metric format (`logs.py`). Tests compare alarms and
dashboard with these definitions. Nothing in them is about a person: the values of dimensions are a few fixed
words. aws-embedded-metrics is not used, because it sends to an agent; here a metric is part of a log line.
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
"""Dimensions that every line has: which hub, and the availability zone of the instance."""

_WAITING = "measured_when_committed"


class Unit(StrEnum):
    """CloudWatch's names."""

    COUNT = "Count"
    SECONDS = "Seconds"
    MILLISECONDS = "Milliseconds"
    BYTES = "Bytes"


@dataclass(frozen=True)
class Measure:
    """A kind of log line, with its metrics."""

    name: str
    figures: Mapping[str, Unit]
    by: tuple[tuple[str, ...], ...] = ((),)
    """The sets of dimensions, besides the hub, with which CloudWatch stores each metric."""
    directives: list[dict[str, Any]] = field(init=False, repr=False)
    """The part of the line from which CloudWatch makes metrics."""

    def __post_init__(self) -> None:
        metrics = [{"Name": name, "Unit": unit.value} for name, unit in self.figures.items()]
        dimensions = [[HUB, *names] for names in self.by]
        directive = {"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": metrics}
        object.__setattr__(self, "directives", [directive])

    @property
    def needed(self) -> frozenset[str]:
        """The names that each line must have."""
        return frozenset(self.figures).union(*self.by) - {ZONE}


REQUEST = Measure(
    "request",
    {"RequestLatency": Unit.MILLISECONDS, "ServerErrors": Unit.COUNT},
    by=((), (ZONE,), ("Route",)),
)
"""A served request; the sample count is the number of requests. `Route` is the route's pattern."""

BOOKING = Measure("booking", {"Bookings": Unit.COUNT}, by=(("Outcome",),))
"""`booked`, `moved`, `cancelled`; `refused` when somebody else was faster."""

SIGN_IN = Measure("sign-in", {"SignIns": Unit.COUNT})
SIGN_IN_FAILED = Measure(
    "sign-in failed", {"SignInsFailed": Unit.COUNT}, by=((), ("Reason",), ("Reason", ZONE))
)

OUTBOX = Measure("outbox", {"OldestNoticeAge": Unit.SECONDS, "NoticesWaiting": Unit.COUNT})
"""Every minute: how long the oldest notice has been due, and how many are due."""

NOTICE = Measure("notice", {"NoticesSent": Unit.COUNT, "NoticesFailed": Unit.COUNT})
JOB_FAILED = Measure("job failed", {"JobsFailed": Unit.COUNT}, by=((), ("Job",)))
"""A job of the worker raised an error. It will be retried."""

DATABASE_LOST = Measure("database lost", {"DatabaseConnectionsLost": Unit.COUNT}, by=((), (ZONE,)))
"""A connection that broke or led to a read-only database; it is replaced."""

SHED = Measure("shed", {"RequestsShed": Unit.COUNT})
"""A request that was refused because too many were waiting."""

SNAPSHOT = Measure("snapshot", {"SnapshotAge": Unit.SECONDS})
"""Every minute: how long ago the lists for downtime were last written."""

UPLOAD = Measure("upload", {"Uploads": Unit.COUNT, "UploadSize": Unit.BYTES}, by=(("Outcome",),))
"""`kept`, `refused`, or `resting` while the shared file system is away."""

QUARANTINE = Measure("quarantine", {"QuarantineAge": Unit.SECONDS, "FilesInQuarantine": Unit.COUNT})
"""Every minute: how long the oldest file has waited for the scanner, and how many wait."""

SIGNATURES = Measure("signatures", {"SignatureAge": Unit.SECONDS})
"""Every five minutes and per instance: how old the virus scanner's signatures are."""

DAMAGED_FILE = Measure("damaged file", {"FilesDamaged": Unit.COUNT})
"""A stored file that does not match its hash."""

ALL = tuple(value for value in globals().values() if isinstance(value, Measure))


def measured(measure: Measure, **values: object) -> None:
    """Writes the line.

    `values` has all metrics and dimensions of the measure, and any other fields. Raises `ValueError` when one
    is missing.
    """
    if missing := measure.needed - values.keys():
        raise ValueError(f"{measure.name} was measured without {', '.join(sorted(missing))}")
    log.info(measure.name, extra={"facts": values, "directives": measure.directives})


def measured_when_committed(session: Session, measure: Measure, **values: object) -> None:
    """Writes the line when the session's transaction commits; nothing after a rollback."""
    session.info.setdefault(_WAITING, []).append((measure, values))


@event.listens_for(Session, "after_commit")
def _write_what_waited(session: Session) -> None:
    if not session.in_nested_transaction():
        for measure, values in session.info.pop(_WAITING, ()):
            measured(measure, **values)


@event.listens_for(Session, "after_rollback")
def _forget_what_waited(session: Session) -> None:
    session.info.pop(_WAITING, None)
