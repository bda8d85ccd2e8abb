"""A patient's appointments, and one of them."""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from portal.access import Deed
from portal.appointments.rules import must_be_rebooked, phase_of
from portal.context import Context
from portal.models import Appointment, Encounter, Location, Practitioner, Slot
from portal.models.base import Instant, table_of
from portal.models.paging import beyond, key_values
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns, one_row, rows
from portal.reach.lookup import Subject
from portal.vocabulary import AppointmentStatus, EncounterStatus, Mode, Phase, SlotStatus

PAGE = 50

_appointment = table_of(Appointment)
_slot = table_of(Slot)
_location = table_of(Location)
_practitioner = table_of(Practitioner)
_encounter = table_of(Encounter)


class Brief(NamedTuple):
    """An appointment in the list."""

    ref: str
    starts_at: datetime
    status: AppointmentStatus
    mode: Mode
    slot_status: SlotStatus
    practitioner: str
    location: str

    @property
    def must_be_rebooked(self) -> bool:
        return must_be_rebooked(self.status, self.slot_status)


class AppointmentDetails(NamedTuple):
    """An appointment on its own page."""

    ref: str
    starts_at: datetime
    ends_at: datetime
    status: AppointmentStatus
    mode: Mode
    reason: str
    cancel_reason: str | None
    overbook_reason: str | None
    sequence: int
    version: int
    updated_at: datetime
    slot_status: SlotStatus
    encounter_status: EncounterStatus | None
    practitioner: str
    specialty: str
    location_ref: str
    location: str
    address: str | None

    @property
    def phase(self) -> Phase:
        return phase_of(self.status, self.encounter_status)

    @property
    def must_be_rebooked(self) -> bool:
        return must_be_rebooked(self.status, self.slot_status)


class _Key(NamedTuple):
    starts_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class History:
    """One page of a patient's appointments.

    `ahead` starts with today and is only on the first page; `past` is newest first.
    """

    ahead: Sequence[Brief]
    past: Sequence[Brief]
    older: str | None
    """The reference to pass as `before` for the next page; None without older ones."""


_KEY = (_appointment.c.starts_at, _appointment.c.id)
_OF_PATIENT = _appointment.c.patient_id == bindparam("patient_id")
_THIS_ONE = _appointment.c.ref == bindparam("appointment_ref")
_TODAY = bindparam("today", type_=Instant())
_NAMES = {"practitioner": PRACTITIONER_NAME, "location": _location.c.name}

_BRIEF = (
    select(*columns(Brief, _appointment, slot_status=_slot.c.status, **_NAMES))
    .join(_slot, _slot.c.id == _appointment.c.slot_id)
    .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
    .join(_location, _location.c.id == _appointment.c.location_id)
    .where(_OF_PATIENT)
)
# No paging: slots exist only a few weeks ahead, and a patient's appointments do not overlap.
_AHEAD: Select[Any] = _BRIEF.where(_appointment.c.starts_at >= _TODAY).order_by(*_KEY)
_PAST: Select[Any] = (
    _BRIEF.where(_appointment.c.starts_at < _TODAY)
    .order_by(*(column.desc() for column in _KEY))
    .limit(PAGE + 1)
)
_OLDER: Select[Any] = _PAST.where(beyond(_KEY, operator.lt))
_KEY_OF: Select[Any] = select(*columns(_Key, _appointment)).where(_OF_PATIENT, _THIS_ONE)
_ONE: Select[Any] = (
    select(
        *columns(
            AppointmentDetails,
            _appointment,
            slot_status=_slot.c.status,
            encounter_status=_encounter.c.status,
            specialty=_practitioner.c.specialty,
            location_ref=_location.c.ref,
            address=_location.c.address,
            **_NAMES,
        )
    )
    .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
    .join(_location, _location.c.id == _appointment.c.location_id)
    .join(_slot, _slot.c.id == _appointment.c.slot_id)
    .outerjoin(_encounter, _encounter.c.appointment_id == _appointment.c.id)
    .where(_OF_PATIENT, _THIS_ONE)
)


def of_patient(context: Context, ref: str, before: str | None = None) -> tuple[Subject, History]:
    """The first page of a patient's appointments, or the page of those `before` an appointment.

    Raises `NotFound`, also when `before` is not one of their appointments.
    """
    subject = context.patient(Deed.SEE_APPOINTMENTS, ref)
    values = {"patient_id": subject.id, "today": context.hospital.day(context.today)[0]}
    if before is None:
        ahead = rows(context.session, Brief, _AHEAD, values)
        past = rows(context.session, Brief, _PAST, values)
    else:
        key = one_row(context.session, _Key, _KEY_OF, values | {"appointment_ref": before})
        ahead = []
        past = rows(context.session, Brief, _OLDER, values | key_values(key))
    older = past[PAGE - 1].ref if len(past) > PAGE else None
    return subject, History(ahead, past[:PAGE], older)


def open_one(
    context: Context, deed: Deed, patient_ref: str, ref: str
) -> tuple[Subject, AppointmentDetails]:
    """An appointment on which the actor may do `deed`, and its patient; raises `NotFound`."""
    subject = context.find_patient(deed, patient_ref)
    found = one(context, subject, ref)
    of = Appointment.reference(ref)
    context.remember(Deed.SEE_APPOINTMENTS, of=of, patient=subject.ref, opened=True)
    return subject, found


def one(context: Context, subject: Subject, ref: str) -> AppointmentDetails:
    """The same without an audit entry, for a page that adds its own."""
    values = {"patient_id": subject.id, "appointment_ref": ref}
    return one_row(context.session, AppointmentDetails, _ONE, values)
