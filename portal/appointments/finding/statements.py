"""The statements that find slots, built once for each set of filters.

Each part reads a range of one index of `slot`, in index order and with a LIMIT, so the cost does not grow
with the number of slots.
"""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    exists,
    literal_column,
    select,
    union_all,
)

from portal.appointments.booking.statements import AHEAD, slot_is_free
from portal.models import Appointment, Location, Practitioner, Slot
from portal.models.base import Instant, table_of
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns
from portal.vocabulary import Mode, SlotStatus

DAYS = 7
A_FEW = 4
A_WHOLE_DAY = 300

_slot = table_of(Slot)
_own = table_of(Appointment).alias("own")
_location = table_of(Location)
_practitioner = table_of(Practitioner)


class FoundSlot(NamedTuple):
    """A slot with the names of its practitioner and clinic."""

    ref: str
    starts_at: datetime
    mode: Mode
    practitioner: str
    location: str


def _filtered(filters: frozenset[str]) -> list[Any]:
    return [_slot.c[name] == bindparam(name) for name in sorted(filters)]


def _is_offered() -> list[ColumnElement[bool]]:
    """Free, and not overlapping another appointment of the patient, which would refuse the booking.

    Bind parameters: `patient_key`, `moved_ref` (the appointment to move, whose time is ignored, or `""`) and
    `day_before`, a lower bound for the index: every appointment is shorter than a day.
    """
    overlapping = exists().where(
        _own.c.patient_id == bindparam("patient_key", type_=_own.c.patient_id.type),
        _own.c.starts_at > bindparam("day_before", type_=Instant()),
        _own.c.starts_at < _slot.c.ends_at,
        _own.c.ends_at > _slot.c.starts_at,
        _own.c.status.in_(AHEAD),
        _own.c.ref != bindparam("moved_ref", type_=_own.c.ref.type),
    )
    return [*slot_is_free(), ~overlapping]


@cache
def first(filters: frozenset[str]) -> Select[Any]:
    """The start of the first free slot."""
    return (
        select(_slot.c.starts_at)
        .where(
            *_is_offered(),
            _slot.c.starts_at >= bindparam("from_0", type_=Instant()),
            _slot.c.starts_at < bindparam("furthest", type_=Instant()),
            *_filtered(filters),
        )
        .order_by(_slot.c.starts_at)
        .limit(1)
    )


@cache
def several_days(filters: frozenset[str]) -> Select[Any]:
    """A few free slots per day, and one more to see whether there are more."""
    # Inside a UNION, a SELECT with its own LIMIT must be a derived table: SQLite allows no
    # brackets.
    days = [
        _between(filters, number, A_FEW + 1, *_is_offered()).subquery() for number in range(DAYS)
    ]
    return _named(union_all(*(select(day) for day in days)).subquery())


@cache
def whole_day(filters: frozenset[str]) -> Select[Any]:
    return _named(_between(filters, 0, A_WHOLE_DAY + 1, *_is_offered()).subquery())


@cache
def booked(filters: frozenset[str]) -> Select[Any]:
    return _named(_between(filters, 0, A_WHOLE_DAY, _slot.c.status == SlotStatus.BUSY).subquery())


def _between(filters: frozenset[str], number: int, limit: int, *state: Any) -> Select[Any]:
    """The first slots of a period that have a status, with the slot's own columns only."""
    statement = select(
        _slot.c.ref, _slot.c.starts_at, _slot.c.mode, _slot.c.practitioner_id, _slot.c.location_id
    ).where(
        *state,
        _slot.c.starts_at >= bindparam(f"from_{number}", type_=Instant()),
        _slot.c.starts_at < bindparam(f"to_{number}", type_=Instant()),
        *_filtered(filters),
    )
    # Literals, because seven more bind parameters would cost more than they save.
    return statement.order_by(_slot.c.starts_at, _slot.c.id).limit(literal_column(str(limit)))


def _named(slots: Any) -> Select[Any]:
    """Slots with the names of practitioner and clinic; `slots` is limited before it is joined."""
    names = {"practitioner": PRACTITIONER_NAME, "location": _location.c.name}
    return (
        select(*columns(FoundSlot, slots, **names))
        .join(_practitioner, _practitioner.c.id == slots.c.practitioner_id)
        .join(_location, _location.c.id == slots.c.location_id)
        .order_by(slots.c.starts_at, _practitioner.c.family)
    )
