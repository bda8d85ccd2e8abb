"""One practitioner's week as it really comes: sessions, extra clinics, days off, and how full it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.hospital import Hospital, clock_in_words
from portal.models import (
    ExceptionKind,
    Practitioner,
    SlotStatus,
)
from portal.schedules import fitting, lookup, rules, week_rows
from portal.schedules.rules import Weekly


@dataclass(slots=True)
class WeekSession:
    starts_at: datetime
    ends_at: datetime
    location: str
    mode: Any
    slot_minutes: int
    extra: str
    """Why there is an extra clinic; empty for a weekly session."""
    times: int = 0
    """Slots that were made, in use or free."""
    booked: int = 0
    out: int = 0
    """Slots that were taken out."""

    @property
    def left_over(self) -> int:
        return fitting.left_over(self.starts_at, self.ends_at, self.slot_minutes)


@dataclass(slots=True)
class WeekDay:
    day: date
    away: list[str] = field(default_factory=list)
    """Why nothing, or less, takes place: leave and closures in words."""
    sessions: list[WeekSession] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Week:
    practitioner: Row[Any]
    days: list[WeekDay]
    schedules: Sequence[Row[Any]]
    """Every weekly session that has not ended, also those that begin later."""


def week(
    session: Session,
    *,
    by: Actor,
    practitioner_ref: str,
    monday: date,
    hospital: Hospital,
    now: datetime,
) -> Week:
    """The week that begins on `monday`; raises `NotFound`."""
    require(by, Deed.MANAGE_SCHEDULES)
    whose = lookup.practitioner(session, practitioner_ref)
    of = Practitioner.reference(whose.ref)
    audit.remember(session, by=by, deed=Deed.MANAGE_SCHEDULES, now=now, of=of, page="week")
    start = hospital.day(monday)[0]
    until = hospital.day(monday + timedelta(days=7))[0]
    schedules = week_rows.schedules(session, whose.id)
    days = [WeekDay(monday + timedelta(days=count)) for count in range(7)]
    for day in days:
        day.sessions = _weekly_sessions(day.day, schedules, hospital)
    clinic_ids = {row.location_id for row in schedules}
    for row in week_rows.exceptions(session, whose.id, clinic_ids, start, until):
        _place(row, days, hospital)
    for day in days:
        day.sessions.sort(key=lambda found: found.starts_at)
    _count(session, whose.id, days, start, until)
    today = hospital.today(now)
    current = [row for row in schedules if row.valid_to is None or row.valid_to >= today]
    return Week(whose, days, current)


def _weekly_sessions(
    day: date, schedules: Sequence[Row[Any]], hospital: Hospital
) -> list[WeekSession]:
    found = []
    for row in schedules:
        entry = Weekly(
            0,
            row.location_id,
            row.weekday,
            row.starts,
            row.ends,
            row.slot_minutes,
            row.mode,
            row.valid_from,
            row.valid_to,
        )
        found += [
            WeekSession(one.starts_at, one.ends_at, row.location, row.mode, row.slot_minutes, "")
            for one in rules.sessions_on(day, [entry], hospital.zone)
        ]
    return found


def _place(row: Row[Any], days: list[WeekDay], hospital: Hospital) -> None:
    for day in days:
        first, last = hospital.day(day.day)
        if row.starts_at >= last or row.ends_at <= first:
            continue
        if row.kind is ExceptionKind.EXTRA:
            day.sessions.append(
                WeekSession(
                    row.starts_at,
                    row.ends_at,
                    row.location,
                    row.mode,
                    row.slot_minutes,
                    row.reason,
                )
            )
        else:
            day.away.append(_in_words(row, first, last, hospital))


def _in_words(row: Row[Any], first: datetime, last: datetime, hospital: Hospital) -> str:
    what = "Away" if row.kind is ExceptionKind.LEAVE else f"{row.location or 'All clinics'} closed"
    when = ""
    if row.starts_at > first:
        when += f" from {clock_in_words(hospital.local(row.starts_at).time())}"
    if row.ends_at < last:
        when += f" until {clock_in_words(hospital.local(row.ends_at).time())}"
    return f"{what}{when}: {row.reason}"


def _count(
    session: Session,
    practitioner_id: int,
    days: list[WeekDay],
    start: datetime,
    until: datetime,
) -> None:
    found = week_rows.slots(session, practitioner_id, start, until)
    for one in (one for day in days for one in day.sessions):
        inside = [row.status for row in found if one.starts_at <= row.starts_at < one.ends_at]
        one.out = inside.count(SlotStatus.UNAVAILABLE)
        one.booked = inside.count(SlotStatus.BUSY)
        one.times = len(inside) - one.out
