"""The public holidays of the hospital's region, suggested as closures of all clinics."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from holidays import country_holidays
from sqlalchemy import select

from portal.access import Deed
from portal.context import Context
from portal.errors import Unfit
from portal.models import ScheduleException
from portal.schedules.absences.actions import AbsenceFacts, add_closures
from portal.schedules.slots.taking_out import Effect
from portal.vocabulary import ExceptionKind

YEARS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class BankHoliday:
    day: date
    name: str
    closed: bool
    """Whether all clinics are already closed on that day."""


def names_of(region: str, years: Iterable[int]) -> dict[date, str]:
    """The public holidays of a country or region, by day."""
    country, _, part = region.partition("-")
    return dict(country_holidays(country, subdiv=part or None, years=list(years)))


def years(context: Context) -> list[int]:
    """The years for which bank holidays are suggested."""
    return list(range(context.today.year, context.today.year + YEARS_AHEAD + 1))


def suggestions(context: Context, year: int) -> list[BankHoliday]:
    """The bank holidays of `year`, one of `years`, that are not in the past."""
    context.require(Deed.MANAGE_SCHEDULES)
    context.remember(Deed.MANAGE_SCHEDULES, page="bank holidays")
    closures = context.session.execute(
        select(ScheduleException.starts_at, ScheduleException.ends_at).where(
            ScheduleException.kind == ExceptionKind.CLOSURE,
            ScheduleException.location_id.is_(None),
            ScheduleException.ends_at > context.now,
        )
    ).all()
    found = []
    for day, name in sorted(names_of(context.hospital.region, [year]).items()):
        first, last = context.hospital.day(day)
        closed = any(row.starts_at <= first and last <= row.ends_at for row in closures)
        if day >= context.today:
            found.append(BankHoliday(day, name, closed))
    return found


def close_on(context: Context, *, days: Iterable[date], confirmed: str | None) -> Effect:
    """Closes all clinics on these bank holidays.

    Raises `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    names = names_of(context.hospital.region, years(context))
    chosen = sorted(set(days))
    if not all(day in names for day in chosen):
        raise Unfit("days", "Choose at least one day from the list.")
    closures = [AbsenceFacts(day, day, None, None, names[day]) for day in chosen]
    return add_closures(context, location_ref=None, closures=closures, confirmed=confirmed)
