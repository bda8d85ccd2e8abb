"""One practitioner's week with all exceptions: sessions, extra clinics, days off, and free slots."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal import words
from portal.access import Deed
from portal.context import Context
from portal.models import Practitioner
from portal.schedules import lookup, rules
from portal.schedules.lookup import FoundPractitioner
from portal.schedules.rules import Weekly
from portal.schedules.slots.queries import Period
from portal.schedules.weekly import queries
from portal.schedules.weekly.queries import OtherThanUsual, WeeklySession
from portal.settings.hospital import Hospital
from portal.vocabulary import ExceptionKind, Mode, SlotStatus


@dataclass(slots=True)
class WeekSession:
    starts_at: datetime
    ends_at: datetime
    location: str
    mode: Mode
    slot_minutes: int
    extra: str = ""
    """The reason of an extra clinic; empty for a weekly session."""
    times: int = 0
    """Slots that are booked or free."""
    booked: int = 0
    out: int = 0
    """Slots that were taken out."""


@dataclass(slots=True)
class WeekDay:
    day: date
    name: str
    is_weekend: bool
    away: list[str] = field(default_factory=list)
    """Leave and closures in words."""
    sessions: list[WeekSession] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Week:
    practitioner: FoundPractitioner
    days: list[WeekDay]
    schedules: list[WeeklySession]
    """All weekly sessions that have not ended, including future ones."""


def week(context: Context, *, practitioner_ref: str, first_day: date) -> Week:
    """The week that begins on `first_day`; raises `NotFound`."""
    context.require(Deed.MANAGE_SCHEDULES)
    whose = lookup.practitioner(context.session, practitioner_ref)
    context.remember(Deed.MANAGE_SCHEDULES, of=Practitioner.reference(whose.ref), page="week")
    hospital, locale = context.hospital, context.hospital.locale
    period = Period(hospital.day(first_day)[0], hospital.day(first_day + timedelta(days=7))[0])
    schedules = queries.schedules(context, whose.id)
    dates = [first_day + timedelta(days=count) for count in range(7)]
    days = [
        WeekDay(day, words.weekday(day.weekday(), locale), words.is_weekend(day, locale))
        for day in dates
    ]
    for day in days:
        day.sessions = list(_weekly_sessions(day.day, schedules, hospital))
    clinic_ids = {row.location_id for row in schedules}
    for row in queries.exceptions(context, whose.id, clinic_ids, period):
        _place(row, days, hospital)
    for day in days:
        day.sessions.sort(key=lambda found: found.starts_at)
    _count(context, whose.id, days, period)
    return Week(whose, days, [row for row in schedules if not _is_over(row, context.today)])


def _is_over(row: WeeklySession, today: date) -> bool:
    return row.valid_to is not None and row.valid_to < today


def _weekly_sessions(
    day: date, schedules: list[WeeklySession], hospital: Hospital
) -> Iterator[WeekSession]:
    for row in schedules:
        entry = Weekly(**{name: getattr(row, name) for name in Weekly.__slots__})
        for one in rules.sessions_on(day, [entry], hospital.zone):
            yield WeekSession(one.starts_at, one.ends_at, row.location, row.mode, row.slot_minutes)


def _place(row: OtherThanUsual, days: list[WeekDay], hospital: Hospital) -> None:
    for day in days:
        first, last = hospital.day(day.day)
        if row.starts_at >= last or row.ends_at <= first:
            continue
        if row.kind is ExceptionKind.EXTRA:
            where = row.location or ""
            day.sessions.append(
                WeekSession(
                    row.starts_at, row.ends_at, where, row.mode, row.slot_minutes, row.reason
                )
            )
        else:
            day.away.append(_in_words(row, first, last, hospital))


def _in_words(row: OtherThanUsual, first: datetime, last: datetime, hospital: Hospital) -> str:
    what = "Away" if row.kind is ExceptionKind.LEAVE else f"{row.location or 'All clinics'} closed"
    when = ""
    if row.starts_at > first:
        when += f" from {words.clock_at(row.starts_at, hospital.zone, hospital.locale)}"
    if row.ends_at < last:
        when += f" until {words.clock_at(row.ends_at, hospital.zone, hospital.locale)}"
    return f"{what}{when}: {row.reason}"


def _count(context: Context, practitioner_id: int, days: list[WeekDay], period: Period) -> None:
    found = queries.slots(context, practitioner_id, period)
    for one in (one for day in days for one in day.sessions):
        inside = [row.status for row in found if one.starts_at <= row.starts_at < one.ends_at]
        one.out = inside.count(SlotStatus.UNAVAILABLE)
        one.booked = inside.count(SlotStatus.BUSY)
        one.times = len(inside) - one.out
