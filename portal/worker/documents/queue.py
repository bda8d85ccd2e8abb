"""The queue of documents for the worker.

A worker takes a document with a lease and settles it. Each change is a conditional UPDATE on (id, attempts),
so a worker whose lease has expired and whose document was taken by another changes nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Update, and_, bindparam, select, update

from portal.context import Context
from portal.models import DocumentReference, Patient
from portal.models.base import Instant, table_of
from portal.models.rows import changed, columns, rows
from portal.shared_files import StoredFile
from portal.vocabulary import Scan, Thumbnail

LEASE = timedelta(minutes=5)
"""Longer than a scan or a thumbnail takes if every deadline is used up."""
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
"""The pause before a retry when the file itself failed; multiplied by the number of attempts."""

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


class _Waiting(NamedTuple):
    id: int
    ref: str
    attempts: int
    file_name: str
    size: int
    sha256: str
    content_type: str
    patient_id: int


def _next(waiting: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*columns(_Waiting, _document))
        .where(waiting, _document.c.due_at <= bindparam("now", type_=Instant()))
        .order_by(_document.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def claim(context: Context, waiting: ColumnElement[bool]) -> Claim | None:
    """Takes the document that has waited longest, if no other worker has it."""
    for row in rows(context.session, _Waiting, _next(waiting), {"now": context.now}):
        attempts, lease_until = row.attempts + 1, context.now + LEASE
        taken = _of(row.id, row.attempts).values(attempts=attempts, due_at=lease_until)
        if changed(context.session, taken):
            patient = select(_patient.c.ref).where(_patient.c.id == row.patient_id)
            patient_ref = context.session.scalars(patient).one()
            stored = StoredFile(row.file_name, row.size, row.sha256)
            return Claim(row.id, row.ref, attempts, stored, row.content_type, patient_ref)
    return None


def settle(context: Context, mine: Claim, **values: object) -> bool:
    """Writes the outcome; False when the document is no longer this worker's."""
    return changed(context.session, _of(mine.id, mine.attempts).values(**values)) == 1


def put_back(context: Context, mine: Claim, *, own_fault: bool) -> None:
    """Puts it back: with a short pause if a dependency failed, a growing one if the file itself failed."""
    pause = min(PAUSE * mine.attempts, LONGEST_PAUSE) if own_fault else timedelta()
    settle(context, mine, due_at=context.now + pause)


def _of(document_id: int, attempts: int) -> Update:
    return update(_document).where(_document.c.id == document_id, _document.c.attempts == attempts)
