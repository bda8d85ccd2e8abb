"""Metrics that the worker writes every minute, so that alarms can tell "nothing to do" from "no worker"."""

from typing import Any

from sqlalchemy import bindparam, func, select

from portal.context import Contexts
from portal.documents.checking import scanning
from portal.downtime import lists
from portal.downtime.box import Box
from portal.models import DocumentReference, Notice
from portal.models.base import Instant
from portal.telemetry.measures import BOOKING, OUTBOX, QUARANTINE, SIGNATURES, SNAPSHOT, measured
from portal.vocabulary import NoticeState, Scan

_NOW: Any = bindparam("now", type_=Instant())

_WAITING = select(func.min(Notice.due_at).label("since"), func.count().label("waiting")).where(
    # A notice with an expired lease has been due since the lease expired.
    Notice.state.in_((NoticeState.WAITING, NoticeState.SENDING)),
    Notice.due_at <= _NOW,
)

_UNSCANNED = select(
    func.min(DocumentReference.created_at).label("since"), func.count().label("waiting")
).where(DocumentReference.scan == Scan.WAITING)


def measure_the_outbox(contexts: Contexts) -> bool:
    """Writes how long notices have been waiting, and zero bookings, so that their metric always has
    data.
    """
    with contexts.read() as context:
        row = context.session.execute(_WAITING, {"now": context.now}).one()
    age = (contexts.now - row.since).total_seconds() if row.since else 0.0
    measured(OUTBOX, OldestNoticeAge=age, NoticesWaiting=row.waiting)
    measured(BOOKING, Bookings=0, Outcome="booked")
    return False


def measure_the_quarantine(contexts: Contexts) -> bool:
    """Writes how long documents have been waiting for the scanner."""
    with contexts.read() as context:
        row = context.session.execute(_UNSCANNED).one()
    age = (contexts.now - row.since).total_seconds() if row.since else 0.0
    measured(QUARANTINE, QuarantineAge=age, FilesInQuarantine=row.waiting)
    return False


def measure_the_signatures(contexts: Contexts, *, scanner: str | None) -> bool:
    """Writes the age of the virus scanner's signatures, or nothing if it is unknown."""
    if scanner is not None and (made := scanning.signatures_of(scanner)):
        measured(SIGNATURES, SignatureAge=max((contexts.now - made).total_seconds(), 0.0))
    return False


def measure_the_lists(contexts: Contexts, *, box: Box) -> bool:
    """Writes the age of the downtime lists. Raises if they can't be read."""
    measured(SNAPSHOT, SnapshotAge=(contexts.now - lists.written_at(box)).total_seconds())
    return False
