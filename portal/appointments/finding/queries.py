"""The first free slots: a few per day, from the first day that has any."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from portal.appointments.booking import rules
from portal.appointments.finding import statements
from portal.appointments.finding.statements import A_FEW, A_WHOLE_DAY, DAYS, FoundSlot
from portal.context import Context
from portal.models.rows import rows
from portal.settings.hospital import Hospital
from portal.vocabulary import Mode


@dataclass(frozen=True, slots=True)
class Wish:
    """A search for a time. `on` asks for all slots of one day, `since` for the first days from then on."""

    patient_id: int
    location_id: int | None = None
    practitioner_id: int | None = None
    mode: Mode | None = None
    since: date | None = None
    on: date | None = None
    moved_ref: str = ""
    """The appointment to move, if the search is for a move."""

    @property
    def filters(self) -> dict[str, Any]:
        """The filters by column of `slot`."""
        asked = {
            "location_id": self.location_id,
            "practitioner_id": self.practitioner_id,
            "mode": self.mode,
        }
        return {name: value for name, value in asked.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Day:
    """The free slots of one day that the page shows."""

    date: date
    slots: Sequence[FoundSlot]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Found:
    days: list[Day] = field(default_factory=list)
    later: date | None = None
    """The day on which to continue the search; None if nothing was found."""


def first_free(context: Context, wish: Wish) -> Found:
    """The first free slots that the actor may book for the patient, a few per day."""
    if wish.on is not None:
        return _one_day(context, wish, wish.on)
    values = _values(context, wish)
    filters = frozenset(wish.filters)
    first = context.session.execute(statements.first(filters), values).scalar_one_or_none()
    if first is None:
        return Found()
    start = context.hospital.today(first)
    days = [start + timedelta(days=number) for number in range(DAYS)]
    for number, day in enumerate(days):
        values |= _span(context.hospital, day, number, values["from_0"])
    found = rows(context.session, FoundSlot, statements.several_days(filters), values)
    return Found(_by_day(found, days, context.hospital, A_FEW), start + timedelta(days=DAYS))


def _one_day(context: Context, wish: Wish, day: date) -> Found:
    values = _values(context, wish)
    values |= _span(context.hospital, day, 0, values["from_0"])
    statement = statements.whole_day(frozenset(wish.filters))
    found = rows(context.session, FoundSlot, statement, values)
    return Found(_by_day(found, [day], context.hospital, A_WHOLE_DAY), day + timedelta(days=1))


def booked_times(context: Context, wish: Wish, day: date) -> list[FoundSlot]:
    """The first 300 booked slots of the day, from which one can be overbooked."""
    values = _values(context, wish)
    values |= _span(context.hospital, day, 0, values["from_0"])
    statement = statements.booked(frozenset(wish.filters))
    return rows(context.session, FoundSlot, statement, values)


def _values(context: Context, wish: Wish) -> dict[str, Any]:
    hospital = context.hospital
    earliest = rules.earliest_start(context.by, hospital, context.now)
    if wish.since is not None:
        earliest = max(earliest, hospital.day(wish.since)[0])
    # No slots exist further ahead. Without an upper bound MariaDB reads all free slots.
    furthest = earliest + timedelta(days=hospital.slots_ahead_days + DAYS)
    return {
        "now": context.now,
        "account_key": context.by.account_id,
        "patient_key": wish.patient_id,
        "moved_ref": wish.moved_ref,
        "day_before": earliest - timedelta(days=1),
        "from_0": earliest,
        "furthest": furthest,
        **wish.filters,
    }


def _span(hospital: Hospital, day: date, number: int, earliest: datetime) -> dict[str, datetime]:
    """The bind parameters of a day, starting at the earliest time that can be booked."""
    begins, ends = hospital.day(day)
    return {f"from_{number}": max(begins, earliest), f"to_{number}": ends}


def _by_day(found: list[FoundSlot], days: list[date], hospital: Hospital, most: int) -> list[Day]:
    by_day: dict[date, list[FoundSlot]] = {day: [] for day in days}
    for slot in found:
        by_day[hospital.today(slot.starts_at)].append(slot)
    return [Day(day, slots[:most], len(slots) > most) for day, slots in by_day.items() if slots]
