"""The statements of `actions.py`, built once. Each that changes a row says in what state it must be.

No bind parameter and no label bears the name of a column: its value would go into the SET of an UPDATE.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from portal.access import Relation
from portal.models import Appointment, AppointmentStatus, Patient, Slot, SlotStatus, scope
from portal.models.base import Instant, table_of

_appointment = table_of(Appointment)
_patient = table_of(Patient)
_slot = table_of(Slot)

_AHEAD = [AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED]
_TAKING_UP = [*_AHEAD, AppointmentStatus.FULFILLED]


def _value(name: str, like: Any) -> ColumnElement[Any]:
    return bindparam(name, type_=like.type)


_NOW = bindparam("now", type_=Instant())
_PATIENT = _value("patient_key", _patient.c.id)
_SLOT = _value("slot_key", _slot.c.id)
_OLD_SLOT = _value("old_slot_key", _slot.c.id)
_APPOINTMENT = _value("appointment_key", _appointment.c.id)
_ACCOUNT = _value("account_key", _slot.c.held_by_account_id)
_FREE = bindparam("free", SlotStatus.FREE, type_=_slot.c.status.type)
_BEGINS = bindparam("begins", type_=Instant())
_ENDS = bindparam("ends", type_=Instant())


def slot_is_free() -> list[ColumnElement[bool]]:
    """Free, and not held for another account: binds `now` and `account_key`."""
    return [
        _slot.c.status == _FREE,
        or_(
            _slot.c.held_until.is_(None),
            _slot.c.held_until <= _NOW,
            _slot.c.held_by_account_id == _ACCOUNT,
        ),
    ]


def _of_the_actor(relations: frozenset[Relation]) -> ColumnElement[bool]:
    return and_(
        _patient.c.ref == bindparam("patient_ref"),
        _patient.c.merged_into_id.is_(None),
        scope.patients(relations),
    )


_PATIENT_FACTS = (_patient.c.id.label("patient_key"), _patient.c.deceased_on)
_SLOT_FACTS = (
    _slot.c.id.label("slot_key"),
    _slot.c.starts_at.label("begins"),
    _slot.c.ends_at.label("ends"),
    _slot.c.practitioner_id.label("practitioner_key"),
    _slot.c.location_id.label("location_key"),
    _slot.c.mode.label("slot_mode"),
    _slot.c.status.label("slot_status"),
)
_APPOINTMENT_FACTS = (
    _appointment.c.id.label("appointment_key"),
    _appointment.c.status.label("seen_status"),
    _appointment.c.sequence.label("seen_sequence"),
    _appointment.c.slot_id.label("old_slot_key"),
    _appointment.c.starts_at.label("old_begins"),
)


@cache
def patient_and_slot(relations: frozenset[Relation]) -> Select[Any]:
    """Locks both, so that two bookings of one patient are decided one after the other."""
    return (
        select(*_PATIENT_FACTS, *_SLOT_FACTS)
        .join_from(_patient, _slot, _slot.c.ref == bindparam("slot_ref"))
        .where(_of_the_actor(relations))
        .with_for_update()
    )


@cache
def patient_and_appointment(relations: frozenset[Relation]) -> Select[Any]:
    """Locks both."""
    return (
        select(*_PATIENT_FACTS, *_APPOINTMENT_FACTS)
        .join_from(_patient, _appointment, _appointment.c.patient_id == _patient.c.id)
        .where(_of_the_actor(relations), _appointment.c.ref == bindparam("appointment_ref"))
        .with_for_update()
    )


@cache
def patient_appointment_and_slot(relations: frozenset[Relation]) -> Select[Any]:
    """Locks the three; the slot is the one to move to, empty when it is the one they have."""
    another = and_(_slot.c.ref == bindparam("slot_ref"), _slot.c.id != _appointment.c.slot_id)
    return patient_and_appointment(relations).add_columns(*_SLOT_FACTS).outerjoin(_slot, another)


HOLD: Update = (
    update(_slot)
    .where(_slot.c.id == _SLOT, *slot_is_free())
    .values(held_by_account_id=_ACCOUNT, held_until=bindparam("until", type_=Instant()))
)
LET_GO: Update = (
    update(_slot)
    .where(_slot.c.held_by_account_id == _ACCOUNT, _slot.c.id != _SLOT)
    .values(held_by_account_id=None, held_until=None)
)
TAKE: Update = (
    update(_slot)
    .where(_slot.c.id == _SLOT, *slot_is_free())
    .values(status=SlotStatus.BUSY, held_by_account_id=None, held_until=None)
)
GIVE_BACK: Update = (
    update(_slot)
    .where(
        _slot.c.id == _OLD_SLOT,
        _slot.c.status == SlotStatus.BUSY,
        _slot.c.starts_at > _NOW,
        ~exists().where(_appointment.c.slot_id == _OLD_SLOT, _appointment.c.status.in_(_TAKING_UP)),
    )
    .values(status=SlotStatus.FREE)
)
"""Only when nobody is left in it, one who was put beside another included; leave stays leave."""

CANCEL: Update = (
    update(_appointment)
    .where(
        _appointment.c.id == _APPOINTMENT,
        _appointment.c.status == AppointmentStatus.BOOKED,
        _appointment.c.sequence == bindparam("seen_sequence"),
    )
    .values(
        status=AppointmentStatus.CANCELLED,
        cancel_reason=bindparam("why"),
        sequence=_appointment.c.sequence + 1,
        updated_at=_NOW,
    )
)


def _overlapping(other: FromClause) -> ColumnElement[bool]:
    return and_(
        other.c.patient_id == _PATIENT,
        other.c.status.in_(_AHEAD),
        other.c.starts_at < _ENDS,
        other.c.ends_at > _BEGINS,
        # A lower bound for the index: no appointment lasts a day.
        other.c.starts_at > bindparam("day_before", type_=Instant()),
    )


_OTHER = _appointment.alias("other")
_HOW_MANY_AHEAD = (
    select(func.count())
    .select_from(_OTHER)
    .where(
        _OTHER.c.patient_id == _PATIENT,
        _OTHER.c.status == AppointmentStatus.BOOKED,
        _OTHER.c.starts_at > _NOW,
    )
    .scalar_subquery()
)
OVERLAPPING: Select[Any] = select(func.count()).select_from(_OTHER).where(_overlapping(_OTHER))

_INSERTED: dict[str, Any] = {
    "ref": _value("new_ref", _appointment.c.ref),
    "patient_id": _PATIENT,
    "slot_id": _slot.c.id,
    "practitioner_id": _slot.c.practitioner_id,
    "location_id": _slot.c.location_id,
    "starts_at": _slot.c.starts_at,
    "ends_at": _slot.c.ends_at,
    "mode": _slot.c.mode,
    "status": literal(AppointmentStatus.BOOKED, _appointment.c.status.type),
    "reason": _value("about", _appointment.c.reason),
    "overbook_reason": _value("why_beside", _appointment.c.overbook_reason),
    "sequence": literal(0),
    "created_at": _NOW,
    "updated_at": _NOW,
}
INSERT: Insert = insert(_appointment).from_select(
    list(_INSERTED),
    select(*_INSERTED.values()).where(
        _slot.c.id == _SLOT,
        _slot.c.status == SlotStatus.BUSY,
        ~exists().select_from(_OTHER).where(_overlapping(_OTHER)),
        bindparam("most_ahead", type_=_appointment.c.sequence.type) > _HOW_MANY_AHEAD,
    ),
)
"""Adds the appointment unless it overlaps another of the patient, or they have too many ahead."""

# MySQL reads the table that it updates only through a derived table, which LIMIT keeps apart.
_OVERLAPPING_OTHERS = (
    select(_OTHER.c.id).where(_overlapping(_OTHER), _OTHER.c.id != _APPOINTMENT).limit(1).subquery()
)
MOVE: Update = (
    update(_appointment)
    .where(
        _appointment.c.id == _APPOINTMENT,
        _appointment.c.status == AppointmentStatus.BOOKED,
        _appointment.c.sequence == bindparam("seen_sequence"),
        ~exists().select_from(_OVERLAPPING_OTHERS),
    )
    .values(
        slot_id=_SLOT,
        practitioner_id=bindparam("practitioner_key"),
        location_id=bindparam("location_key"),
        starts_at=_BEGINS,
        ends_at=_ENDS,
        mode=bindparam("slot_mode", type_=_appointment.c.mode.type),
        overbook_reason=None,
        sequence=_appointment.c.sequence + 1,
        updated_at=_NOW,
    )
)
