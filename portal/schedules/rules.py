"""Which sessions a practitioner has, and which slots a session gives. Pure.

A session is stored in the hospital's local time and converted to instants for each day; slots are spaced in
real minutes. So a night when the clocks go forward has fewer slots, a night when they go back has more, and
no slot is repeated or at a time that does not exist.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

SHORTEST_SLOT, LONGEST_SLOT = timedelta(minutes=5), timedelta(minutes=240)


@dataclass(frozen=True, slots=True)
class Span:
    """A time of day on a weekday (0 is Monday), in the hospital's local time."""

    weekday: int
    starts: time
    ends: time

    def overlaps(self, other: "Span") -> bool:
        return (
            self.weekday == other.weekday and self.starts < other.ends and other.starts < self.ends
        )

    def is_within(self, other: "Span") -> bool:
        return (
            self.weekday == other.weekday
            and other.starts <= self.starts
            and self.ends <= other.ends
        )


@dataclass(frozen=True, slots=True)
class Weekly:
    """The facts of a Schedule: a session on each `weekday` (0 is Monday) from `valid_from`."""

    practitioner_id: int
    location_id: int
    weekday: int
    starts: time
    ends: time
    slot_minutes: int
    mode: Enum
    valid_from: date
    valid_to: date | None = None
    """The last day; None if it has no end."""

    def holds_on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Absence:
    """Leave of a practitioner, or the closure of one clinic, or of all when both are None."""

    practitioner_id: int | None
    location_id: int | None
    starts_at: datetime
    ends_at: datetime

    def concerns(self, practitioner_id: int, location_id: int) -> bool:
        return self.practitioner_id in (None, practitioner_id) and self.location_id in (
            None,
            location_id,
        )


class Session(NamedTuple):
    """A practitioner's time in a clinic on one day, by schedule or as an extra clinic."""

    practitioner_id: int
    location_id: int
    starts_at: datetime
    ends_at: datetime
    slot_minutes: int
    mode: Enum


class PlannedSlot(NamedTuple):
    practitioner_id: int
    location_id: int
    starts_at: datetime
    ends_at: datetime
    mode: Enum


Plan = dict[tuple[int, datetime], PlannedSlot]
"""Slots by practitioner and start, which are unique."""


@lru_cache(maxsize=8192)
def boundary(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The first UTC instant of `day` at which local time in `zone` is `clock` or later.

    A later `clock` never gives an earlier instant, so sessions that do not overlap in local time never
    overlap in real time.
    """
    local = datetime.combine(day, clock.replace(fold=0), zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # The clocks skip this time, so return the instant of the change.
    earlier = local.replace(fold=1).astimezone(UTC)
    after = instant.astimezone(zone).utcoffset()
    seconds = range(int((instant - earlier).total_seconds()))
    found = bisect_left(
        seconds,
        True,
        key=lambda second: (
            (earlier + timedelta(seconds=second)).astimezone(zone).utcoffset() == after
        ),
    )
    return earlier + timedelta(seconds=found)


def sessions_on(day: date, weekly: Iterable[Weekly], zone: ZoneInfo) -> Iterator[Session]:
    """The weekly sessions of this day, without those that the clocks skip completely."""
    for entry in weekly:
        if entry.holds_on(day):
            starts_at = boundary(day, entry.starts, zone)
            ends_at = boundary(day, entry.ends, zone)
            if starts_at < ends_at:
                yield Session(
                    entry.practitioner_id,
                    entry.location_id,
                    starts_at,
                    ends_at,
                    entry.slot_minutes,
                    entry.mode,
                )


def slots_of(session: Session) -> Iterator[PlannedSlot]:
    """The whole slots that fit into the session, one after the other in real minutes."""
    practitioner_id, location_id, starts_at, ends_at, slot_minutes, mode = session
    length = timedelta(minutes=slot_minutes)
    while starts_at + length <= ends_at:
        yield PlannedSlot(practitioner_id, location_id, starts_at, starts_at + length, mode)
        starts_at += length


def is_covered(slot: PlannedSlot, absences: Iterable[Absence]) -> bool:
    return any(
        absence.starts_at < slot.ends_at
        and slot.starts_at < absence.ends_at
        and absence.concerns(slot.practitioner_id, slot.location_id)
        for absence in absences
    )


def plan(
    weekly: Iterable[Weekly],
    extra: Iterable[Session],
    absences: Iterable[Absence],
    *,
    days: Iterable[date],
    zone: ZoneInfo,
) -> Plan:
    """The slots that should exist on `days`, and those of the `extra` sessions."""
    entries = list(weekly)
    away: dict[int | None, list[Absence]] = defaultdict(list)
    for absence in absences:
        away[absence.practitioner_id].append(absence)
    sessions = [*extra]
    for day in days:
        sessions += sessions_on(day, entries, zone)
    found: Plan = {}
    for session in sessions:
        concerned = [*away[None], *away[session.practitioner_id]]
        for slot in slots_of(session):
            if not is_covered(slot, concerned):
                found.setdefault((slot.practitioner_id, slot.starts_at), slot)
    return found


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]
