"""The statements of the day list, built once for each set of filters."""

import operator
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, null, select

from portal.appointments.attendance.rules import Standing
from portal.appointments.rules import must_be_rebooked, phase_of
from portal.models import Appointment, Encounter, Patient, Practitioner, Slot
from portal.models.base import Instant, table_of
from portal.models.paging import beyond
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns
from portal.vocabulary import (
    AppointmentStatus,
    EncounterStatus,
    Mode,
    Phase,
    SlotStatus,
)
from portal.words import listed_name, name_of

PAGE = 200
"""Lines of a page; a clinic's day is rarely longer."""

_appointment = table_of(Appointment)
_encounter = table_of(Encounter)
_patient = table_of(Patient)
_practitioner = table_of(Practitioner)
_slot = table_of(Slot)


class Line(NamedTuple):
    """One appointment on the list."""

    ref: str
    location_id: int
    starts_at: datetime
    status: AppointmentStatus
    version: int
    mode: Mode
    overbook_reason: str | None
    reason: str | None
    """None for those who may not read it."""
    slot_status: SlotStatus
    encounter_status: EncounterStatus | None
    patient_ref: str
    hospital_number: str
    given: str
    family: str
    birth_date: date
    phone: str | None
    practitioner: str

    @property
    def name(self) -> str:
        return name_of(self.given, self.family)

    @property
    def listed_name(self) -> str:
        return listed_name(self.given, self.family)

    @property
    def phase(self) -> Phase:
        return phase_of(self.status, self.encounter_status)

    @property
    def standing(self) -> Standing:
        return Standing(self.phase, self.mode, self.starts_at)

    @property
    def must_be_rebooked(self) -> bool:
        return must_be_rebooked(self.status, self.slot_status)


class Count(NamedTuple):
    """How many appointments of the day have these statuses."""

    status: AppointmentStatus
    encounter_status: EncounterStatus | None
    number: int


class Position(NamedTuple):
    """The place of a line in the list's order."""

    starts_at: datetime
    family: str
    id: int


_KEY: tuple[ColumnElement[Any], ...] = (
    _appointment.c.starts_at,
    _practitioner.c.family,
    _appointment.c.id,
)
_WITHIN = (
    _appointment.c.starts_at >= bindparam("begins", type_=Instant()),
    _appointment.c.starts_at < bindparam("ends", type_=Instant()),
)
_OF_THE_DAY = (*_WITHIN, _appointment.c.status != AppointmentStatus.CANCELLED)


def _filtered(filters: frozenset[str]) -> list[Any]:
    """`location_id` and `practitioner_id`, if they are given."""
    return [_appointment.c[name] == bindparam(name) for name in sorted(filters)]


@cache
def lines(filters: frozenset[str], *, with_reason: bool) -> Select[Any]:
    """The whole day, in order."""
    others = {
        "reason": _appointment.c.reason if with_reason else null(),
        "slot_status": _slot.c.status,
        "encounter_status": _encounter.c.status,
        "patient_ref": _patient.c.ref,
        "practitioner": PRACTITIONER_NAME,
        **{name: _patient.c[name] for name in ("hospital_number", "given", "family")},
        **{name: _patient.c[name] for name in ("birth_date", "phone")},
    }
    return (
        select(*columns(Line, _appointment, **others))
        .join(_patient, _patient.c.id == _appointment.c.patient_id)
        .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
        .join(_slot, _slot.c.id == _appointment.c.slot_id)
        .outerjoin(_encounter, _encounter.c.appointment_id == _appointment.c.id)
        .where(*_OF_THE_DAY, *_filtered(filters))
        .order_by(*_KEY)
    )


@cache
def lines_of_clinics() -> Select[Any]:
    """The same for several clinics, `location_ids`.

    They are named even when all are meant: an index has the clinic first, and without it the database
    would read the appointments of all time.
    """
    clinics: BindParameter[list[int]] = bindparam("location_ids", expanding=True)
    return lines(frozenset(), with_reason=False).where(_appointment.c.location_id.in_(clinics))


@cache
def page(filters: frozenset[str], *, with_reason: bool, goes_on: bool) -> Select[Any]:
    """A page of the day and one more line: the first page, or one that begins at a position."""
    statement = lines(filters, with_reason=with_reason).limit(PAGE + 1)
    return statement.where(beyond(_KEY, operator.ge)) if goes_on else statement


@cache
def page_before(filters: frozenset[str]) -> Select[Any]:
    """The references of the page before a position, backwards."""
    return (
        select(_appointment.c.ref)
        .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
        .where(*_OF_THE_DAY, *_filtered(filters), beyond(_KEY, operator.lt))
        .order_by(*(column.desc() for column in _KEY))
        .limit(PAGE)
    )


@cache
def position(filters: frozenset[str]) -> Select[Any]:
    """The place of an appointment of the day, even if it has been cancelled since."""
    return (
        select(*columns(Position, _appointment, family=_practitioner.c.family))
        .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
        .where(_appointment.c.ref == bindparam("start"), *_WITHIN, *_filtered(filters))
    )


@cache
def counts(filters: frozenset[str]) -> Select[Any]:
    """How many of the whole day are in each phase."""
    statuses = _appointment.c.status, _encounter.c.status
    return (
        select(*columns(Count, _appointment, encounter_status=statuses[1], number=func.count()))
        .outerjoin(_encounter, _encounter.c.appointment_id == _appointment.c.id)
        .where(*_OF_THE_DAY, *_filtered(filters))
        .group_by(*statuses)
    )
