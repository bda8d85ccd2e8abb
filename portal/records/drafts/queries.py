"""An author's draft about a visit, the visits to choose from, and an author's unsigned notes."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from portal.access import Deed
from portal.context import Context
from portal.models import Appointment, Encounter, Location, Note, Patient, Practitioner
from portal.models.base import table_of
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns, one_row, rows
from portal.reach.lookup import Subject
from portal.vocabulary import CompositionStatus, EncounterStatus

MOST_VISITS, MOST_DRAFTS = 20, 100

_appointment = table_of(Appointment)
_note = table_of(Note)
_encounter = table_of(Encounter)
_location = table_of(Location)
_practitioner = table_of(Practitioner)
_patient = table_of(Patient)


class Draft(NamedTuple):
    id: int
    ref: str
    body: str
    version: int
    saved_window: str
    saved_number: int
    saved_at: datetime


class Visit(NamedTuple):
    id: int
    ref: str
    status: EncounterStatus
    started_at: datetime
    signed_at: datetime | None
    appointment_id: int
    appointment_ref: str
    practitioner_id: int | None
    practitioner: str | None
    clinic: str | None
    reason_text: str


class Unsigned(NamedTuple):
    patient_ref: str
    given: str
    family: str
    birth_date: date
    encounter_ref: str
    started_at: datetime
    saved_at: datetime


_DRAFT = select(*columns(Draft, _note)).where(
    _note.c.encounter_id == bindparam("encounter_id"),
    _note.c.author_account_id == bindparam("account_id"),
    _note.c.status == CompositionStatus.PRELIMINARY,
)
_CLOSED_AT = (
    select(_encounter.c.signed_at)
    .where(_encounter.c.id == bindparam("encounter_id"))
    .with_for_update()
)
_SIGNED_PAGE = select(_note.c.id).where(
    _note.c.encounter_id == bindparam("encounter_id"),
    _note.c.author_account_id == bindparam("account_id"),
    _note.c.status == CompositionStatus.FINAL,
    _note.c.saved_window == bindparam("saved_window"),
)
_VISITS = (
    select(
        *columns(
            Visit,
            _encounter,
            appointment_ref=_appointment.c.ref,
            practitioner=PRACTITIONER_NAME,
            clinic=_location.c.name,
        )
    )
    .select_from(_encounter)
    .join(_appointment, _appointment.c.id == _encounter.c.appointment_id)
    .outerjoin(_practitioner, _practitioner.c.id == _encounter.c.practitioner_id)
    .outerjoin(_location, _location.c.id == _encounter.c.location_id)
    .where(_encounter.c.patient_id == bindparam("patient_id"))
)
_LATEST_VISITS = _VISITS.order_by(_encounter.c.started_at.desc()).limit(MOST_VISITS)
_ONE_VISIT = _VISITS.where(_encounter.c.ref == bindparam("ref"))
_APPOINTMENT_OF = (
    select(_appointment.c.ref)
    .join(_encounter, _encounter.c.appointment_id == _appointment.c.id)
    .where(_encounter.c.ref == bindparam("ref"))
)
_UNSIGNED = (
    select(
        _patient.c.ref.label("patient_ref"),
        _patient.c.given,
        _patient.c.family,
        _patient.c.birth_date,
        _encounter.c.ref.label("encounter_ref"),
        _encounter.c.started_at,
        _note.c.saved_at,
    )
    .select_from(_note)
    .join(_patient, _patient.c.id == _note.c.patient_id)
    .join(_encounter, _encounter.c.id == _note.c.encounter_id)
    .where(
        _note.c.author_account_id == bindparam("account_id"),
        _note.c.status == CompositionStatus.PRELIMINARY,
    )
    .order_by(_encounter.c.started_at)
    .limit(MOST_DRAFTS)
)


def draft(context: Context, visit_id: int) -> Draft | None:
    """The actor's own draft about the visit."""
    values = {"encounter_id": visit_id, "account_id": context.by.account_id}
    found = rows(context.session, Draft, _DRAFT, values)
    return found[0] if found else None


def closed_at(context: Context, visit_id: int) -> datetime | None:
    """When a signature closed the visit, or None. Locks the visit until the end of the transaction."""
    found: datetime | None = context.session.scalar(_CLOSED_AT, {"encounter_id": visit_id})
    return found


def signed_page(context: Context, visit_id: int, window: str) -> bool:
    """Whether the actor has already signed the text of that open page."""
    values = {
        "encounter_id": visit_id,
        "account_id": context.by.account_id,
        "saved_window": window,
    }
    return context.session.execute(_SIGNED_PAGE, values).first() is not None


def visits(context: Context, subject: Subject) -> list[Visit]:
    """The latest visits in this hospital, newest first."""
    return rows(context.session, Visit, _LATEST_VISITS, {"patient_id": subject.id})


def visit(context: Context, subject: Subject, ref: str) -> Visit:
    return one_row(context.session, Visit, _ONE_VISIT, {"patient_id": subject.id, "ref": ref})


def appointment_of(context: Context, encounter_ref: str) -> str | None:
    """The reference of the appointment of a visit that the caller has opened."""
    found: str | None = context.session.scalar(_APPOINTMENT_OF, {"ref": encounter_ref})
    return found


def unsigned(context: Context) -> list[Unsigned]:
    """The actor's unsigned notes, the oldest visit first."""
    context.require(Deed.WRITE_NOTE)
    found = rows(context.session, Unsigned, _UNSIGNED, {"account_id": context.by.account_id})
    context.remember(Deed.WRITE_NOTE, opened="unsigned", notes=len(found))
    return found
