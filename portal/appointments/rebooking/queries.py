"""Appointments that must be moved because of leave or a closure."""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from portal.access import Deed, Relation
from portal.context import Context
from portal.models import Appointment, Location, Patient, Practitioner, Slot
from portal.models.base import Instant, table_of
from portal.models.paging import beyond, key_values
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns, rows
from portal.reach import scope
from portal.vocabulary import AppointmentStatus, SlotStatus
from portal.words import listed_name, name_of

PAGE = 100

_appointment = table_of(Appointment)
_location = table_of(Location)
_patient = table_of(Patient)
_practitioner = table_of(Practitioner)
_slot = table_of(Slot)


class ToRebook(NamedTuple):
    """An appointment to move, and how to reach the patient."""

    ref: str
    starts_at: datetime
    patient_ref: str
    hospital_number: str
    given: str
    family: str
    birth_date: date
    phone: str | None
    practitioner: str
    location: str

    @property
    def name(self) -> str:
        return name_of(self.given, self.family)

    @property
    def listed_name(self) -> str:
        return listed_name(self.given, self.family)


class _Key(NamedTuple):
    starts_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class RebookingList:
    """A page of the list, the earliest appointment first."""

    appointments: Sequence[ToRebook]
    later: str | None
    """The first appointment of the next page, if there is one."""


_KEY = (_slot.c.starts_at, _appointment.c.id)
_COLUMNS: dict[str, Any] = {
    "patient_ref": _patient.c.ref,
    "practitioner": PRACTITIONER_NAME,
    "location": _location.c.name,
    **{name: _patient.c[name] for name in ("hospital_number", "given", "family")},
    **{name: _patient.c[name] for name in ("birth_date", "phone")},
}


@cache
def _to_rebook(seen: frozenset[Relation], *, goes_on: bool) -> Select[Any]:
    statement = (
        select(*columns(ToRebook, _appointment, **_COLUMNS))
        .join(_slot, _slot.c.id == _appointment.c.slot_id)
        .join(_patient, _patient.c.id == _appointment.c.patient_id)
        .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
        .join(_location, _location.c.id == _appointment.c.location_id)
        .where(
            _slot.c.status == SlotStatus.UNAVAILABLE,
            _slot.c.starts_at >= bindparam("now", type_=Instant()),
            _appointment.c.status == AppointmentStatus.BOOKED,
            scope.appointments(seen),
        )
        .order_by(*_KEY)
        .limit(PAGE + 1)
    )
    return statement.where(beyond(_KEY, operator.ge)) if goes_on else statement


@cache
def _key_of(seen: frozenset[Relation]) -> Select[Any]:
    return select(*columns(_Key, _appointment)).where(
        _appointment.c.ref == bindparam("start"), scope.appointments(seen)
    )


def to_rebook(context: Context, start: str | None = None) -> RebookingList:
    """Future booked appointments whose slot was taken out by leave or a closure.

    The page begins at the appointment `start`; None is the first page.
    """
    seen = context.require(Deed.SEE_DAY_LIST)
    values = context.reach(now=context.now, start=start)
    keys = rows(context.session, _Key, _key_of(seen), values) if start is not None else []
    if keys:
        values |= key_values(keys[0])
    found = rows(context.session, ToRebook, _to_rebook(seen, goes_on=bool(keys)), values)
    context.remember(Deed.SEE_DAY_LIST, list="to rebook")
    later = found[PAGE].ref if len(found) > PAGE else None
    return RebookingList(found[:PAGE], later)
