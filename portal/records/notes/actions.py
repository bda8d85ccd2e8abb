"""Amending a signed note."""

from portal.access import Deed
from portal.context import Context
from portal.errors import Refused, Unfit
from portal.models import Note
from portal.records.drafts import queries as drafts
from portal.records.drafts.actions import insert_note
from portal.records.notes import queries, rules
from portal.vocabulary import CompositionStatus

_DEED = Deed.WRITE_NOTE
NOT_SIGNED = "Only a signed note can be amended. Continue with the draft instead."


def amend(context: Context, *, patient_ref: str, note_ref: str, body: str, reason: str) -> str:
    """Adds a signed amendment to a signed note; the note itself never changes."""
    subject = context.find_patient(_DEED, patient_ref)
    note = queries.find(context, subject, note_ref)
    if note.is_draft:
        raise Refused(NOT_SIGNED)
    if rules.is_empty(body):
        raise Unfit("body", "Write the amendment")
    visit = drafts.visit(context, subject, note.encounter_ref)
    values = {
        "status": CompositionStatus.FINAL,
        "signed_at": context.now,
        "body": body,
        "amends_id": note.amends_id or note.id,
        "amendment_reason": reason,
    }
    ref = insert_note(context, subject, visit, values)
    context.remember(_DEED, of=Note.reference(ref), patient=subject.ref, amends=note.ref)
    return ref
