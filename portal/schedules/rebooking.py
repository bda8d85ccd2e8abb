"""Taking slots out, and who must be rebooked because of it.

What is booked is never touched silently: whoever takes slots out sees the booked times first, and
the change is kept only when they confirm exactly these.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.hospital import Hospital
from portal.models import (
    Appointment,
    AppointmentStatus,
    Location,
    Practitioner,
    Slot,
    SlotStatus,
)
from portal.models.base import table_of
from portal.schedules.timetable import practitioner_name

BATCH = 2000

_AVAILABLE = Slot.status.in_((SlotStatus.FREE, SlotStatus.BUSY))
_THESE = Slot.id.in_(bindparam("slot_ids", expanding=True))
_REFERRED_TO = exists().where(Appointment.slot_id == Slot.id)
_TAKE_OUT = (
    update(table_of(Slot))
    .where(_THESE, _AVAILABLE)
    .values(status=SlotStatus.UNAVAILABLE, held_by_account_id=None, held_until=None)
)
_REMOVE = delete(table_of(Slot)).where(_THESE, Slot.status == SlotStatus.UNAVAILABLE, ~_REFERRED_TO)
_TO_REBOOK = (
    select(
        Appointment.id,
        Appointment.starts_at,
        Location.name.label("location"),
        Practitioner.prefix,
        Practitioner.given,
        Practitioner.family,
    )
    .join(Appointment.slot)
    .join(Appointment.location)
    .join(Appointment.practitioner)
    .where(
        Appointment.status == AppointmentStatus.BOOKED,
        Slot.status == SlotStatus.UNAVAILABLE,
    )
    .order_by(Appointment.starts_at, Appointment.id)
)


@dataclass(frozen=True, slots=True)
class BookedTime:
    """A booked appointment, without the patient: administrators do not see whose it is."""

    starts_at: datetime
    location: str
    practitioner: str


class DayToRebook(NamedTuple):
    """The booked times of one practitioner's day in a clinic that must be moved."""

    day: date
    practitioner: str
    location: str
    times: list[datetime]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to slots: free times that go, booked times that must be rebooked."""

    free: int = 0
    booked: tuple[BookedTime, ...] = ()
    fingerprint: str = ""
    """What the administrator confirms; it differs as soon as one booked time does."""

    @property
    def counts(self) -> dict[str, Any]:
        """For the audit trail."""
        return {"free_times": self.free, "to_rebook": len(self.booked)}


class Unconfirmed(Refused):
    """Booked appointments are concerned and the administrator has not confirmed exactly these."""

    def __init__(self, effect: Effect) -> None:
        super().__init__("Booked appointments are concerned. Look at them and confirm.")
        self.effect = effect


def take_out(session: Session, *which: ColumnElement[bool]) -> Effect:
    """Makes these free and busy slots unavailable. Appointments stay as they are.

    Holds on them are lost. Whoever books one at this moment either is first, and counts as booked
    here, or finds it gone.
    """
    found = session.execute(
        select(Slot.id, Slot.status).where(*which, _AVAILABLE).with_for_update()
    )
    by_id = {row.id: row.status for row in found}
    ids = list(by_id)
    for some in _batches(ids):
        session.execute(_TAKE_OUT, {"slot_ids": some})
    busy = [slot_id for slot_id, status in by_id.items() if status is SlotStatus.BUSY]
    return _effect(session, busy, free=len(ids) - len(busy))


def remove_unused(session: Session, slot_ids: Sequence[int]) -> None:
    """Removes those that were taken out, unless an appointment, even a past one, refers to them."""
    for some in _batches(slot_ids):
        session.execute(_REMOVE, {"slot_ids": some})


def require_confirmed(effect: Effect, confirmed: str | None) -> None:
    """Raises `Unconfirmed` unless nothing booked is concerned, or just this was confirmed."""
    if effect.booked and confirmed != effect.fingerprint:
        raise Unconfirmed(effect)


def to_rebook(session: Session, now: datetime) -> tuple[BookedTime, ...]:
    """Every booked appointment ahead whose slot was taken out, in order of time."""
    return _booked_times(session.execute(_TO_REBOOK.where(Slot.starts_at >= now)).all())


def by_day(booked: Iterable[BookedTime], hospital: Hospital) -> list[DayToRebook]:
    """By day, practitioner and clinic, the next day first."""
    days: dict[tuple[date, str, str], list[datetime]] = defaultdict(list)
    for one in booked:
        day = hospital.local(one.starts_at).date()
        days[day, one.practitioner, one.location].append(one.starts_at)
    return [DayToRebook(*group, times) for group, times in sorted(days.items())]


def _effect(session: Session, slot_ids: Sequence[int], free: int) -> Effect:
    rows: list[Any] = []
    for some in _batches(slot_ids):
        rows += session.execute(_TO_REBOOK.where(Slot.id.in_(some))).all()
    rows.sort(key=lambda row: (row.starts_at, row.id))
    numbers = " ".join(str(row.id) for row in rows)
    return Effect(free, _booked_times(rows), hashlib.sha256(numbers.encode()).hexdigest()[:16])


def _booked_times(rows: Sequence[Any]) -> tuple[BookedTime, ...]:
    return tuple(BookedTime(row.starts_at, row.location, practitioner_name(row)) for row in rows)


def _batches(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
