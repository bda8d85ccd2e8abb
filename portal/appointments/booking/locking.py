"""The rows that an action needs: checked for access, and locked until the transaction ends.

The field names are the bind parameters of `statements.py`. No field may have the name of a column, because
its value would then appear in the SET of an UPDATE.
"""

from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from portal.access import Relation
from portal.models import Appointment, Patient, Slot
from portal.models.base import table_of
from portal.models.rows import columns
from portal.reach import scope
from portal.vocabulary import AppointmentStatus, Mode, SlotStatus

_appointment = table_of(Appointment)
_patient = table_of(Patient)
_slot = table_of(Slot)


class Wanted(NamedTuple):
    """A patient and the slot to book."""

    patient_key: int
    deceased_on: date | None
    slot_key: int
    slot_version: int
    slot_status: SlotStatus
    begins: datetime
    ends: datetime


class Kept(NamedTuple):
    """A patient and one of their appointments."""

    patient_key: int
    appointment_key: int
    appointment_version: int
    old_sequence: int
    old_slot_key: int
    old_begins: datetime


class Move(NamedTuple):
    """A patient, one of their appointments, and the slot to move it to.

    `slot_key` and the fields after it are None when the appointment already has this slot.
    """

    patient_key: int
    deceased_on: date | None
    appointment_key: int
    appointment_version: int
    old_status: AppointmentStatus
    old_sequence: int
    old_slot_key: int
    old_begins: datetime
    slot_key: int | None
    slot_version: int
    begins: datetime
    ends: datetime
    practitioner_key: int
    location_key: int
    slot_mode: Mode


_COLUMNS: dict[str, Any] = {
    "patient_key": _patient.c.id,
    "appointment_key": _appointment.c.id,
    "appointment_version": _appointment.c.version,
    "old_status": _appointment.c.status,
    "old_sequence": _appointment.c.sequence,
    "old_slot_key": _appointment.c.slot_id,
    "old_begins": _appointment.c.starts_at,
    "slot_key": _slot.c.id,
    "slot_version": _slot.c.version,
    "slot_status": _slot.c.status,
    "begins": _slot.c.starts_at,
    "ends": _slot.c.ends_at,
    "practitioner_key": _slot.c.practitioner_id,
    "location_key": _slot.c.location_id,
    "slot_mode": _slot.c.mode,
}


def _of_the_actor(relations: frozenset[Relation]) -> ColumnElement[bool]:
    return and_(
        _patient.c.ref == bindparam("patient_ref"),
        _patient.c.merged_into_id.is_(None),
        scope.patients(relations),
    )


@cache
def wanted(relations: frozenset[Relation]) -> Select[Any]:
    """Locks patient and slot, so that two bookings of one patient run one after the other."""
    return (
        select(*columns(Wanted, _patient, **_COLUMNS))
        .join_from(_patient, _slot, _slot.c.ref == bindparam("slot_ref"))
        .where(_of_the_actor(relations))
        .with_for_update()
    )


def _with_appointment(row: type[NamedTuple], relations: frozenset[Relation]) -> Select[Any]:
    return (
        select(*columns(row, _patient, **_COLUMNS))
        .join_from(_patient, _appointment, _appointment.c.patient_id == _patient.c.id)
        .where(_of_the_actor(relations), _appointment.c.ref == bindparam("appointment_ref"))
        .with_for_update()
    )


@cache
def kept(relations: frozenset[Relation]) -> Select[Any]:
    """Locks the patient and the appointment."""
    return _with_appointment(Kept, relations)


@cache
def move(relations: frozenset[Relation]) -> Select[Any]:
    """Locks the patient, the appointment and the slot."""
    another = and_(_slot.c.ref == bindparam("slot_ref"), _slot.c.id != _appointment.c.slot_id)
    return _with_appointment(Move, relations).outerjoin(_slot, another)
