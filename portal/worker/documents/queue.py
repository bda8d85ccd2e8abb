"""Documents that wait for the worker: one is taken with a lease, and settled by who took it.

Every word on it is a conditional UPDATE on (id, attempts): a worker whose lease ran out, and whose
document another one has taken, changes nothing any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, and_, bindparam, select, update
from sqlalchemy.orm import Session

from portal.models import DocumentReference, Patient, Scan, Thumbnail
from portal.models.base import Instant, table_of
from portal.shared_files import StoredFile

LEASE = timedelta(minutes=5)
"""Longer than a scan or a picture may take with every deadline used up."""
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
"""Before a file is tried again that something about it made fail: once more for each attempt."""

_document, _patient = table_of(DocumentReference), table_of(Patient)

TO_SCAN = _document.c.scan == Scan.WAITING
TO_PICTURE = and_(
    _document.c.thumbnail == Thumbnail.WAITING,
    _document.c.scan == Scan.CLEAN,
    _document.c.damaged_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that is this worker's until its lease ends; `attempts` counts this one too."""

    id: int
    ref: str
    attempts: int
    stored: StoredFile
    content_type: str
    patient_ref: str


def _next(waiting: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            _document.c.id,
            _document.c.ref,
            _document.c.attempts,
            _document.c.file_name,
            _document.c.size,
            _document.c.sha256,
            _document.c.content_type,
            _document.c.patient_id,
        )
        .where(waiting, _document.c.due_at <= bindparam("now", type_=Instant()))
        .order_by(_document.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def claim(session: Session, waiting: ColumnElement[bool], now: datetime) -> Claim | None:
    """Takes the document that has waited for longest and that no other worker has."""
    row = session.execute(_next(waiting), {"now": now}).one_or_none()
    if row is None:
        return None
    taken = _of(row.id, row.attempts).values(attempts=row.attempts + 1, due_at=now + LEASE)
    if cast("CursorResult[Any]", session.execute(taken)).rowcount != 1:
        return None
    patient = session.scalar(select(_patient.c.ref).where(_patient.c.id == row.patient_id))
    stored = StoredFile(row.file_name, row.size, row.sha256)
    return Claim(row.id, row.ref, row.attempts + 1, stored, row.content_type, str(patient))


def settle(session: Session, mine: Claim, **values: object) -> bool:
    """Writes how it ended; False when the document is not this worker's any more."""
    settled = _of(mine.id, mine.attempts).values(**values)
    return cast("CursorResult[Any]", session.execute(settled)).rowcount == 1


def put_back(session: Session, mine: Claim, now: datetime, *, own_fault: bool) -> None:
    """For later: soon when something else was away, after a growing pause when the file itself failed."""
    pause = min(PAUSE * mine.attempts, LONGEST_PAUSE) if own_fault else timedelta()
    settle(session, mine, due_at=now + pause)


def _of(document_id: int, attempts: int) -> Any:
    return update(_document).where(_document.c.id == document_id, _document.c.attempts == attempts)
