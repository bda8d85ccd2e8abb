"""The bank holidays of England and Wales, suggested as closures of all clinics."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from holidays import country_holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import Unfit
from portal.hospital import Hospital
from portal.models import ExceptionKind, ScheduleException
from portal.schedules.absence_actions import AbsenceFacts, add_closures
from portal.schedules.rebooking import Effect

YEARS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class BankHoliday:
    day: date
    name: str
    closed: bool
    """All clinics are closed on it already."""


def years(hospital: Hospital, now: datetime) -> list[int]:
    """Those for which bank holidays are suggested."""
    this_year = hospital.today(now).year
    return list(range(this_year, this_year + YEARS_AHEAD + 1))


def suggestions(
    session: Session, *, by: Actor, year: int, hospital: Hospital, now: datetime
) -> list[BankHoliday]:
    """The bank holidays of `year`, one of `years`, that are not over."""
    require(by, Deed.MANAGE_SCHEDULES)
    audit.remember(session, by=by, deed=Deed.MANAGE_SCHEDULES, now=now, page="bank holidays")
    today = hospital.today(now)
    closures = session.execute(
        select(ScheduleException.starts_at, ScheduleException.ends_at).where(
            ScheduleException.kind == ExceptionKind.CLOSURE,
            ScheduleException.location_id.is_(None),
            ScheduleException.ends_at > now,
        )
    ).all()
    found = []
    for day, name in sorted(_names([year]).items()):
        first, last = hospital.day(day)
        closed = any(row.starts_at <= first and last <= row.ends_at for row in closures)
        if day >= today:
            found.append(BankHoliday(day, name, closed))
    return found


def close_on(
    session: Session,
    *,
    by: Actor,
    days: Iterable[date],
    confirmed: str | None,
    hospital: Hospital,
    now: datetime,
) -> Effect:
    """Closes all clinics on these bank holidays.

    Raises `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    names = _names(years(hospital, now))
    chosen = sorted(set(days))
    if not all(day in names for day in chosen):
        raise Unfit("days", "Choose at least one day from the list.")
    return add_closures(
        session,
        by=by,
        location_ref=None,
        closures=[AbsenceFacts(day, day, None, None, names[day]) for day in chosen],
        confirmed=confirmed,
        hospital=hospital,
        now=now,
    )


def _names(of_years: list[int]) -> dict[date, str]:
    return dict(country_holidays("GB", subdiv="ENG", years=of_years))
