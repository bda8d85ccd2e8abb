"""Taking slots out, and finding the appointments that must be rebooked.

Booked slots are never taken out silently: the administrator first sees the booked times, and the change is
saved only if they confirm exactly these.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session

from portal import words
from portal.context import Context
from portal.errors import Refused
from portal.models import Appointment, Location, Practitioner, Slot
from portal.models.base import table_of
from portal.models.rows import columns, rows
from portal.schedules.slots.batches import batches
from portal.schedules.slots.telling import tell_withdrawn
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, SlotStatus

_AVAILABLE = Slot.status.in_((SlotStatus.FREE, SlotStatus.BUSY))
_THESE = Slot.id.in_(bindparam("slot_ids", expanding=True))
_REFERRED_TO = exists().where(Appointment.slot_id == Slot.id)
_TAKE_OUT = (
    update(table_of(Slot))
    .where(_THESE, _AVAILABLE)
    .values(status=SlotStatus.UNAVAILABLE, held_by_account_id=None, held_until=None)
)
_REMOVE = delete(table_of(Slot)).where(_THESE, Slot.status == SlotStatus.UNAVAILABLE, ~_REFERRED_TO)


class _Booked(NamedTuple):
    id: int
    starts_at: datetime
    location: str
    prefix: str
    given: str
    family: str

    @property
    def time(self) -> "BookedTime":
        name = words.name_of(self.given, self.family, self.prefix)
        return BookedTime(self.starts_at, self.location, name)


_TO_REBOOK = (
    select(
        *columns(
            _Booked,
            table_of(Practitioner),
            id=Appointment.id,
            starts_at=Appointment.starts_at,
            location=Location.name,
        )
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
    """A booked appointment without the patient, whom administrators may not see."""

    starts_at: datetime
    location: str
    practitioner: str


class DayToRebook(NamedTuple):
    """Times to rebook of one practitioner, clinic and day."""

    day: date
    practitioner: str
    location: str
    times: list[datetime]


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a change: free slots that are removed, and booked times that must be rebooked."""

    free: int = 0
    booked: tuple[BookedTime, ...] = ()
    fingerprint: str = ""
    """A hash that the administrator confirms; it changes with any booked time."""
    appointment_ids: tuple[int, ...] = ()
    """The ids of the booked appointments, in the same order."""

    @property
    def counts(self) -> dict[str, Any]:
        """For the audit trail."""
        return {"free_times": self.free, "to_rebook": len(self.booked)}


class Unconfirmed(Refused):
    """Booked appointments are affected, and the administrator has not confirmed exactly these."""

    def __init__(self, effect: Effect) -> None:
        super().__init__("This affects booked appointments. Look at them and confirm.")
        self.effect = effect


def take_out(session: Session, *which: ColumnElement[bool]) -> Effect:
    """Makes these free and busy slots unavailable. Appointments do not change.

    Holds on them are lost. A simultaneous booking is either earlier and counts as booked here, or fails.
    """
    found = session.execute(
        select(Slot.id, Slot.status).where(*which, _AVAILABLE).with_for_update()
    )
    by_id = {row.id: row.status for row in found}
    ids = list(by_id)
    for some in batches(ids):
        session.execute(_TAKE_OUT, {"slot_ids": some})
    busy = [slot_id for slot_id, status in by_id.items() if status is SlotStatus.BUSY]
    return _effect(session, busy, free=len(ids) - len(busy))


def remove_unused(session: Session, slot_ids: Sequence[int]) -> None:
    """Deletes taken-out slots to which no appointment refers, not even a past one."""
    for some in batches(slot_ids):
        session.execute(_REMOVE, {"slot_ids": some})


def confirm(context: Context, effect: Effect, confirmed: str | None) -> None:
    """Writes notices to the patients. Raises `Unconfirmed`, unless no booked time is affected or exactly
    these were confirmed.
    """
    if effect.booked and confirmed != effect.fingerprint:
        raise Unconfirmed(effect)
    tell_withdrawn(context, effect.appointment_ids)


def to_rebook(session: Session, now: datetime) -> tuple[BookedTime, ...]:
    """All future booked appointments whose slot was taken out, in order of time."""
    found = rows(session, _Booked, _TO_REBOOK.where(Slot.starts_at >= now))
    return tuple(booked.time for booked in found)


def by_day(booked: Iterable[BookedTime], hospital: Hospital) -> list[DayToRebook]:
    """Grouped by day, practitioner and clinic, earliest day first."""
    days: dict[tuple[date, str, str], list[datetime]] = defaultdict(list)
    for one in booked:
        day = hospital.local(one.starts_at).date()
        days[day, one.practitioner, one.location].append(one.starts_at)
    return [DayToRebook(*group, times) for group, times in sorted(days.items())]


def _effect(session: Session, slot_ids: Sequence[int], free: int) -> Effect:
    found: list[_Booked] = []
    for some in batches(slot_ids):
        found += rows(session, _Booked, _TO_REBOOK.where(Slot.id.in_(some)))
    found.sort(key=lambda booked: (booked.starts_at, booked.id))
    ids = tuple(booked.id for booked in found)
    numbers = " ".join(map(str, ids))
    fingerprint = hashlib.sha256(numbers.encode()).hexdigest()[:16]
    return Effect(free, tuple(booked.time for booked in found), fingerprint, ids)
