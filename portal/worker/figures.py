"""What the worker counts once a minute, so that alarms can tell "nothing happens" from "nobody works"."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, sessionmaker

from portal.documents import scanning
from portal.downtime import lists
from portal.downtime.box import Box
from portal.hospital import Hospital
from portal.measures import BOOKING, OUTBOX, QUARANTINE, SIGNATURES, SNAPSHOT, measured
from portal.models import DocumentReference, Notice, Scan
from portal.models.base import Instant

_NOW: Any = bindparam("now", type_=Instant())

_WAITING = select(func.min(Notice.due_at).label("since"), func.count().label("waiting")).where(
    # A notice whose lease ran out has been due for as long as the lease is over.
    Notice.state.in_((Notice.State.WAITING, Notice.State.SENDING)),
    Notice.due_at <= _NOW,
)

_UNSCANNED = select(
    func.min(DocumentReference.created_at).label("since"), func.count().label("waiting")
).where(DocumentReference.scan == Scan.WAITING)


def measure_the_outbox(
    sessions: sessionmaker[Session],
    hospital: Hospital,  # noqa: ARG001
    now: datetime,
) -> bool:
    """Writes how long notices have been waiting; and no booking, so that their count is never absent."""
    with sessions() as session:
        row = session.execute(_WAITING, {"now": now}).one()
    age = (now - row.since).total_seconds() if row.since else 0.0
    measured(OUTBOX, OldestNoticeAge=age, NoticesWaiting=row.waiting)
    measured(BOOKING, Bookings=0, Outcome="booked")
    return False


def measure_the_quarantine(
    sessions: sessionmaker[Session],
    hospital: Hospital,  # noqa: ARG001
    now: datetime,
) -> bool:
    """Writes how long documents have been waiting for the scanner."""
    with sessions() as session:
        row = session.execute(_UNSCANNED).one()
    age = (now - row.since).total_seconds() if row.since else 0.0
    measured(QUARANTINE, QuarantineAge=age, FilesInQuarantine=row.waiting)
    return False


def measure_the_signatures(
    sessions: sessionmaker[Session],  # noqa: ARG001
    hospital: Hospital,  # noqa: ARG001
    now: datetime,
    *,
    scanner: str | None,
) -> bool:
    """Writes how old the virus scanner's signatures are; nothing while it does not say."""
    if scanner is not None and (made := scanning.signatures_of(scanner)):
        measured(SIGNATURES, SignatureAge=max((now - made).total_seconds(), 0.0))
    return False


def measure_the_lists(
    sessions: sessionmaker[Session],  # noqa: ARG001
    hospital: Hospital,  # noqa: ARG001
    now: datetime,
    *,
    box: Box,
) -> bool:
    """Writes how old the downtime lists are. Raises when there are none to be had, and then says nothing."""
    measured(SNAPSHOT, SnapshotAge=(now - lists.written_at(box)).total_seconds())
    return False
