"""The statements of `actions.py`, built once. Each UPDATE has the required state of the row in its WHERE.

Most bind parameters are fields of the rows in `locking.py`.
"""

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

from portal.models import Appointment, Slot
from portal.models.base import Instant, table_of
from portal.vocabulary import AppointmentStatus, SlotStatus

_appointment = table_of(Appointment)
_slot = table_of(Slot)

AHEAD = [AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED]
_TAKING_UP = [*AHEAD, AppointmentStatus.FULFILLED]


def _value(name: str, like: Any) -> ColumnElement[Any]:
    return bindparam(name, type_=like.type)


_NOW = bindparam("now", type_=Instant())
_PATIENT = _value("patient_key", _appointment.c.patient_id)
_SLOT = _value("slot_key", _slot.c.id)
_OLD_SLOT = _value("old_slot_key", _slot.c.id)
_APPOINTMENT = _value("appointment_key", _appointment.c.id)
_ACCOUNT = _value("account_key", _slot.c.held_by_account_id)
_FREE = bindparam("free", SlotStatus.FREE, type_=_slot.c.status.type)
_BEGINS = bindparam("begins", type_=Instant())
_ENDS = bindparam("ends", type_=Instant())


def slot_is_free() -> list[ColumnElement[bool]]:
    """Free, and not held for another account. Bind parameters: `now`, `account_key`."""
    return [
        _slot.c.status == _FREE,
        or_(
            _slot.c.held_until.is_(None),
            _slot.c.held_until <= _NOW,
            _slot.c.held_by_account_id == _ACCOUNT,
        ),
    ]


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
    .where(_slot.c.id == _SLOT, _slot.c.version == bindparam("slot_version"), *slot_is_free())
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
"""Frees the slot unless an overbooked patient still has it. A slot taken out by leave stays out."""

CANCEL: Update = (
    update(_appointment)
    .where(
        _appointment.c.id == _APPOINTMENT,
        _appointment.c.status == AppointmentStatus.BOOKED,
        _appointment.c.version == bindparam("appointment_version"),
    )
    .values(
        status=AppointmentStatus.CANCELLED,
        cancel_reason=bindparam("why"),
        sequence=_appointment.c.sequence + 1,
        version=_appointment.c.version + 1,
        updated_at=_NOW,
    )
)


def _overlapping(other: FromClause) -> ColumnElement[bool]:
    return and_(
        other.c.patient_id == _PATIENT,
        other.c.status.in_(AHEAD),
        other.c.starts_at < _ENDS,
        other.c.ends_at > _BEGINS,
        # A lower bound for the index: every appointment is shorter than a day.
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
    "version": literal(1),
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
"""Adds the appointment unless it overlaps another one of the patient, or they have too many."""

# MySQL can read the table that it changes only through a derived table; LIMIT keeps it derived.
_OVERLAPPING_OTHERS = (
    select(_OTHER.c.id).where(_overlapping(_OTHER), _OTHER.c.id != _APPOINTMENT).limit(1).subquery()
)
MOVE: Update = (
    update(_appointment)
    .where(
        _appointment.c.id == _APPOINTMENT,
        _appointment.c.status == AppointmentStatus.BOOKED,
        _appointment.c.version == bindparam("appointment_version"),
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
        version=_appointment.c.version + 1,
        updated_at=_NOW,
    )
)
