"""Files that are missing or changed: never shown, told to the administrator, opened again once whole."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.access import SYSTEM, Actor, Deed
from portal.measures import DAMAGED_FILE, measured_when_committed
from portal.models import DocumentReference, Patient
from portal.models.base import table_of

_document = table_of(DocumentReference)


def report(session: Session, *, ref: str, now: datetime) -> None:
    """Closes the document's file, if nobody did so before."""
    found = _document.update().where(_document.c.ref == ref, _document.c.damaged_at.is_(None))
    if _changed(session, found.values(damaged_at=now)):
        _remember(session, SYSTEM, Deed.CHECK_FILES, ref, now, found="damaged")
        measured_when_committed(session, DAMAGED_FILE, FilesDamaged=1)


def found_whole(session: Session, *, by: Actor, deed: Deed, ref: str, now: datetime) -> None:
    """The file matches its SHA-256: it is open, also if it was not before."""
    whole = update(_document).where(_document.c.ref == ref)
    was_damaged = _changed(
        session, whole.where(_document.c.damaged_at.is_not(None)).values(damaged_at=None)
    )
    session.execute(whole.values(checked_at=now))
    if was_damaged:
        _remember(session, by, deed, ref, now, found="whole again")


def _changed(session: Session, statement: Any) -> bool:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1


def _remember(
    session: Session, by: Actor, deed: Deed, ref: str, now: datetime, *, found: str
) -> None:
    patient = session.scalar(
        select(Patient.ref)
        .join(_document, _document.c.patient_id == Patient.id)
        .where(_document.c.ref == ref)
    )
    reference = DocumentReference.reference(ref)
    audit.remember(session, by=by, deed=deed, now=now, of=reference, patient=patient, found=found)
