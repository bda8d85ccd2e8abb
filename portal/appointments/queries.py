"""A patient's appointments, one of them, and the slot that somebody is about to take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed
from portal.appointments.rules import Phase
from portal.errors import NotFound
from portal.models import (
    Appointment,
    AppointmentStatus,
    Encounter,
    EncounterStatus,
    Location,
    Practitioner,
    Slot,
    SlotStatus,
)
from portal.models.base import table_of
from portal.models.lookup import Subject
from portal.models.practitioners import PRACTITIONER_NAME

MOST_PAST = 50

_appointment = table_of(Appointment)
_slot = table_of(Slot)
_location = table_of(Location)
_practitioner = table_of(Practitioner)
_encounter = table_of(Encounter)

_NAMES = PRACTITIONER_NAME, _location.c.name.label("location")
_BRIEF = (
    select(
        _appointment.c.ref,
        _appointment.c.starts_at,
        _appointment.c.status,
        _appointment.c.mode,
        *_NAMES,
    )
    .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
    .join(_location, _location.c.id == _appointment.c.location_id)
    .where(_appointment.c.patient_id == bindparam("patient_id"))
)
_AHEAD: Select[Any] = _BRIEF.where(_appointment.c.starts_at >= bindparam("today")).order_by(
    _appointment.c.starts_at
)
_PAST: Select[Any] = (
    _BRIEF.where(_appointment.c.starts_at < bindparam("today"))
    .order_by(_appointment.c.starts_at.desc())
    .limit(MOST_PAST)
)
_ONE: Select[Any] = (
    select(
        _appointment.c.id,
        _appointment.c.ref,
        _appointment.c.starts_at,
        _appointment.c.ends_at,
        _appointment.c.status,
        _appointment.c.mode,
        _appointment.c.reason,
        _appointment.c.cancel_reason,
        _appointment.c.overbook_reason,
        _appointment.c.sequence,
        _appointment.c.updated_at,
        _slot.c.status.label("slot_status"),
        _encounter.c.status.label("encounter_status"),
        *_NAMES,
        _location.c.ref.label("location_ref"),
        _location.c.address,
        _location.c.phone,
        _practitioner.c.ref.label("practitioner_ref"),
        _practitioner.c.specialty,
    )
    .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
    .join(_location, _location.c.id == _appointment.c.location_id)
    .join(_slot, _slot.c.id == _appointment.c.slot_id)
    .outerjoin(_encounter, _encounter.c.appointment_id == _appointment.c.id)
    .where(
        _appointment.c.patient_id == bindparam("patient_id"),
        _appointment.c.ref == bindparam("appointment_ref"),
    )
)
_SLOT: Select[Any] = (
    select(
        _slot.c.ref,
        _slot.c.starts_at,
        _slot.c.ends_at,
        _slot.c.mode,
        _slot.c.status,
        _slot.c.held_by_account_id,
        _slot.c.held_until,
        _slot.c.location_id,
        *_NAMES,
        _location.c.ref.label("location_ref"),
        _location.c.address,
        _practitioner.c.specialty,
    )
    .join(_practitioner, _practitioner.c.id == _slot.c.practitioner_id)
    .join(_location, _location.c.id == _slot.c.location_id)
    .where(_slot.c.ref == bindparam("slot_ref"))
)


@dataclass(frozen=True, slots=True)
class History:
    """A patient's appointments. `ahead` begins with today; `past` are the latest, newest first."""

    ahead: Sequence[Row[Any]]
    past: Sequence[Row[Any]]


def of_patient(
    session: Session, *, by: Actor, subject: Subject, today_began: datetime, now: datetime
) -> History:
    """Those of a patient whom the caller has looked up for `SEE_APPOINTMENTS`."""
    values = {"patient_id": subject.id, "today": today_began}
    history = History(
        session.execute(_AHEAD, values).all(),
        session.execute(_PAST, values).all(),
    )
    _remember(session, by, subject, subject.reference, now)
    return history


def one(session: Session, *, by: Actor, subject: Subject, ref: str, now: datetime) -> Row[Any]:
    """One appointment of a patient whom the caller has looked up; raises `NotFound`."""
    row = unremembered(session, subject=subject, ref=ref)
    _remember(session, by, subject, Appointment.reference(ref), now)
    return row


def unremembered(session: Session, *, subject: Subject, ref: str) -> Row[Any]:
    """The same for a page that leaves an audit entry of its own."""
    values = {"patient_id": subject.id, "appointment_ref": ref}
    row = session.execute(_ONE, values).one_or_none()
    if row is None:
        raise NotFound
    return row


def slot(session: Session, *, ref: str) -> Row[Any]:
    """What can be told of a slot before it is taken; raises `NotFound`."""
    row = session.execute(_SLOT, {"slot_ref": ref}).one_or_none()
    if row is None:
        raise NotFound
    return row


def booked_in(session: Session, *, subject: Subject, slot_ref: str) -> str | None:
    """The reference of the patient's own booked appointment in the slot, if that is who has it."""
    found = select(_appointment.c.ref).join(_slot, _slot.c.id == _appointment.c.slot_id)
    return session.scalar(
        found.where(
            _appointment.c.patient_id == subject.id,
            _appointment.c.status == AppointmentStatus.BOOKED,
            _slot.c.ref == slot_ref,
        )
    )


def is_open_to(row: Row[Any], by: Actor, now: datetime) -> bool:
    """Whether the slot looks free to `by`; only booking it decides."""
    held_for_another = (
        row.held_until is not None
        and row.held_until > now
        and row.held_by_account_id != by.account_id
    )
    return row.status is SlotStatus.FREE and row.starts_at > now and not held_for_another


def phase(row: Row[Any]) -> Phase:
    """Where an appointment stands; `row` has its status and its encounter's status."""
    if row.encounter_status is EncounterStatus.IN_PROGRESS:
        return Phase.IN_CONSULTATION
    return Phase(row.status.value)


def must_be_rebooked(row: Row[Any]) -> bool:
    """Whether leave or a closure took the booked appointment's time away."""
    return row.status is AppointmentStatus.BOOKED and row.slot_status is SlotStatus.UNAVAILABLE


def _remember(session: Session, by: Actor, subject: Subject, of: str, now: datetime) -> None:
    audit.remember(session, by=by, deed=Deed.SEE_APPOINTMENTS, now=now, of=of, patient=subject.ref)
