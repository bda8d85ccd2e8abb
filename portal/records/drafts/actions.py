"""Saving drafts of notes, and signing them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, insert, or_, update
from sqlalchemy.exc import IntegrityError

from portal.access import Deed, Role
from portal.context import Context
from portal.errors import ChangedMeanwhile, Refused, Unfit
from portal.models import Appointment, Encounter, Note, new_ref
from portal.models.base import table_of
from portal.models.rows import changed
from portal.reach.lookup import Subject
from portal.records.drafts import queries
from portal.records.drafts.queries import Visit
from portal.records.notes import rules
from portal.records.recording import CLOSED
from portal.vocabulary import AppointmentStatus, CompositionStatus, EncounterStatus

_DEED = Deed.WRITE_NOTE
_note = table_of(Note)
_encounter = table_of(Encounter)
_appointment = table_of(Appointment)

NOTHING_WRITTEN = "Write the note before you sign it"
GONE = "This draft was signed or discarded in another window. Copy your text before you leave this page."
ELSEWHERE = "You saved this draft in another window. Press Save to see both."
ONLY_SIGNED_ONCE = "This note was signed already."


@dataclass(frozen=True, slots=True)
class Written:
    """The text that an open page has sent.

    `version` is the version of the draft when the page was opened, 0 for none. `window` and `number`
    distinguish the page's own earlier saves from those of another page.
    """

    body: str
    version: int
    window: str
    number: int


class SavedDraft(NamedTuple):
    version: int
    at: datetime


def save(
    context: Context, *, patient_ref: str, encounter_ref: str, written: Written
) -> SavedDraft | None:
    """Saves the author's only draft about the visit; returns None when there is nothing to save yet.

    Raises `ChangedMeanwhile` when another page of the author has saved a text that this one did not show.
    """
    subject = context.find_patient(_DEED, patient_ref)
    return _save(context, subject, queries.visit(context, subject, encounter_ref), written)


def sign(context: Context, *, patient_ref: str, encounter_ref: str, written: Written) -> str:
    """Signs the sent text and closes the visit. Returns the note's reference."""
    subject = context.find_patient(_DEED, patient_ref)
    visit = queries.visit(context, subject, encounter_ref)
    if rules.is_empty(written.body):
        raise Unfit("body", NOTHING_WRITTEN)
    queries.closed_at(
        context, visit.id
    )  # Lock the visit, so that the second of two simultaneous signatures sees the first.
    _save(context, subject, visit, written)
    draft = queries.draft(context, visit.id)
    if draft is None:
        raise Refused(ONLY_SIGNED_ONCE)
    signing = update(_note).where(
        _note.c.id == draft.id, _note.c.status == CompositionStatus.PRELIMINARY
    )
    values = {"status": CompositionStatus.FINAL, "signed_at": context.now}
    if changed(context.session, signing.values(values)) == 0:
        raise Refused(ONLY_SIGNED_ONCE)
    _close(context, visit)
    context.remember(_DEED, of=Note.reference(draft.ref), patient=subject.ref, signed=True)
    return draft.ref


def discard(context: Context, *, patient_ref: str, encounter_ref: str, written: Written) -> None:
    """Removes the draft from all lists. The row is kept, like everything written about a patient.

    Raises `ChangedMeanwhile` as `save` does.
    """
    subject = context.find_patient(_DEED, patient_ref)
    visit = queries.visit(context, subject, encounter_ref)
    draft = queries.draft(context, visit.id)
    if draft is None:
        raise ChangedMeanwhile(GONE)
    gone = update(_note).where(_as_written(context, visit, written))
    if changed(context.session, gone.values(status=CompositionStatus.ENTERED_IN_ERROR)) == 0:
        raise ChangedMeanwhile(ELSEWHERE)
    context.remember(_DEED, of=Note.reference(draft.ref), patient=subject.ref, discarded=True)


def _as_written(context: Context, visit: Visit, written: Written) -> ColumnElement[bool]:
    """The author's draft, if the page showed it or saved it itself."""
    later = and_(_note.c.saved_window == written.window, _note.c.saved_number < written.number)
    return and_(
        _note.c.encounter_id == visit.id,
        _note.c.author_account_id == context.by.account_id,
        _note.c.status == CompositionStatus.PRELIMINARY,
        or_(later, _note.c.version == written.version),
    )


def _save(context: Context, subject: Subject, visit: Visit, written: Written) -> SavedDraft | None:
    statement = update(_note).where(_as_written(context, visit, written))
    values = {
        "body": written.body,
        "version": _note.c.version + 1,
        "saved_at": context.now,
        "saved_window": written.window,
        "saved_number": written.number,
    }
    if changed(context.session, statement.values(values)) == 0:
        return _begin(context, subject, visit, written)
    draft = queries.draft(context, visit.id)
    return SavedDraft(draft.version, draft.saved_at) if draft else None


def _begin(context: Context, subject: Subject, visit: Visit, written: Written) -> SavedDraft | None:
    """Handles a first save, a save that came late, or one from a page that did not show the current
    draft.
    """
    draft = queries.draft(context, visit.id)
    if draft is not None:
        if draft.saved_window == written.window:
            return SavedDraft(
                draft.version, draft.saved_at
            )  # A later save of the same page has overtaken this one.
        raise ChangedMeanwhile(ELSEWHERE)
    if written.version:
        raise ChangedMeanwhile(GONE)
    if queries.signed_page(context, visit.id, written.window):
        raise Refused(ONLY_SIGNED_ONCE)
    if queries.closed_at(context, visit.id) is not None:
        raise Refused(CLOSED)
    if rules.is_empty(written.body):
        return None
    values = {
        "status": CompositionStatus.PRELIMINARY,
        "body": written.body,
        "saved_window": written.window,
        "saved_number": written.number,
    }
    try:
        with context.session.begin_nested():
            ref = insert_note(context, subject, visit, values)
    except IntegrityError:
        raise ChangedMeanwhile(ELSEWHERE) from None
    context.remember(_DEED, of=Note.reference(ref), patient=subject.ref, begun=True)
    return SavedDraft(1, context.now)


def insert_note(context: Context, subject: Subject, visit: Visit, values: dict[str, Any]) -> str:
    ref = new_ref()
    role = Role.DOCTOR if Role.DOCTOR in context.by.roles else Role.NURSE
    common = {
        "ref": ref,
        "patient_id": subject.id,
        "encounter_id": visit.id,
        "author_account_id": context.by.account_id,
        "author_name": context.by.name,
        "author_role": role.title,
        "version": 1,
        "written_at": context.now,
        "saved_at": context.now,
    }
    context.session.execute(insert(_note), {**common, **values})
    return ref


def _close(context: Context, visit: Visit) -> None:
    """A signature by a doctor or by the visit's practitioner closes the visit for further entries.

    Another signature, such as a nurse's before the doctor comes, leaves it open.
    """
    if Role.DOCTOR not in context.by.roles and visit.practitioner_id != context.by.practitioner_id:
        return
    ours = _encounter.c.id == visit.id
    unsigned = update(_encounter).where(ours, _encounter.c.signed_at.is_(None))
    changed(context.session, unsigned.values(signed_at=context.now))
    open_ = update(_encounter).where(ours, _encounter.c.status == EncounterStatus.IN_PROGRESS)
    finish = open_.values(status=EncounterStatus.FINISHED, ended_at=context.now)
    if changed(context.session, finish):
        seen = update(_appointment).where(
            _appointment.c.id == visit.appointment_id,
            _appointment.c.status == AppointmentStatus.ARRIVED,
        )
        values = {
            "status": AppointmentStatus.FULFILLED,
            "version": _appointment.c.version + 1,
            "updated_at": context.now,
        }
        changed(context.session, seen.values(values))
