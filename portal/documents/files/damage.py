"""Missing or changed files: they are blocked and listed for administrators until they are intact again."""

from dataclasses import replace

from sqlalchemy import select, update

from portal.access import SYSTEM, Deed
from portal.context import Context
from portal.models import DocumentReference, Patient
from portal.models.base import table_of
from portal.models.rows import changed
from portal.telemetry.measures import DAMAGED_FILE, measured_when_committed

_document = table_of(DocumentReference)


def report(context: Context, ref: str) -> None:
    """Blocks the document's file, if it is not blocked yet. The portal itself is the actor."""
    found = update(_document).where(_document.c.ref == ref, _document.c.damaged_at.is_(None))
    if changed(
        context.session, found.values(damaged_at=context.now, version=_document.c.version + 1)
    ):
        _remember(replace(context, by=SYSTEM), Deed.CHECK_FILES, ref, "damaged")
        measured_when_committed(context.session, DAMAGED_FILE, FilesDamaged=1)


def found_whole(context: Context, deed: Deed, ref: str) -> None:
    """Records that the file matches its SHA-256, which unblocks it."""
    whole = update(_document).where(_document.c.ref == ref)
    was_damaged = whole.where(_document.c.damaged_at.is_not(None))
    repaired = was_damaged.values(damaged_at=None, version=_document.c.version + 1)
    if changed(context.session, repaired):
        _remember(context, deed, ref, "whole again")
    context.session.execute(whole.values(checked_at=context.now))


def _remember(context: Context, deed: Deed, ref: str, found: str) -> None:
    patient = context.session.scalar(
        select(Patient.ref)
        .join(_document, _document.c.patient_id == Patient.id)
        .where(_document.c.ref == ref)
    )
    context.remember(deed, of=DocumentReference.reference(ref), patient=patient, found=found)
