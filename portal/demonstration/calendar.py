"""The hospital's slots: of the last weeks, of today, and of the weeks to come."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import holidays
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor
from portal.demonstration import places
from portal.hospital import Hospital
from portal.models import (
    ExceptionKind,
    Location,
    Mode,
    Practitioner,
    PractitionerRole,
    ScheduleException,
    Slot,
)
from portal.schedules import slots
from portal.schedules.absence_actions import AbsenceFacts, add_closures
from portal.schedules.timetable import horizon
from portal.signin.development_cognito.people import PRIYA_RAMAN, TOMASZ_ZIELINSKI

PAST = timedelta(days=21)
ALWAYS_THERE = {
    (person.given_name, person.family_name) for person in (PRIYA_RAMAN, TOMASZ_ZIELINSKI)
}
BEFORE_NOW, AFTER_NOW = timedelta(minutes=100), timedelta(minutes=160)
"""Within this a clinic runs, whatever the hour, so that there is something to see and to do."""


def close_on_bank_holidays(
    session: Session, *, by: Actor, hospital: Hospital, now: datetime
) -> None:
    """Those of England for a year; today's, if it is one, is left out: somebody wants to try things."""
    today = hospital.today(now)
    days = holidays.country_holidays("GB", subdiv="ENG", years=[today.year, today.year + 1])
    closures = [
        AbsenceFacts(day, day, None, None, name)
        for day, name in sorted(days.items())
        if timedelta() < day - today <= timedelta(days=365)
    ]
    add_closures(
        session,
        by=by,
        location_ref=None,
        closures=closures,
        confirmed=None,
        hospital=hospital,
        now=now,
    )


def make_slots(session: Session, hospital: Hospital, now: datetime) -> None:
    """There is a clinic today, whatever day it is, and one of the doctors' runs now."""
    today = hospital.today(now)
    practitioners = session.scalars(select(Practitioner).where(Practitioner.active)).all()
    if today.weekday() >= len(places.WEEKDAYS) and not _has_extras(session, hospital, today):
        for row in practitioners:
            for starts, ends in (places.MORNING, places.AFTERNOON):
                span = hospital.instant(today, starts), hospital.instant(today, ends)
                _add_extra(session, row, span, "Weekend clinic")
    _fill(session, hospital, now)
    for row in practitioners:
        if (row.given, row.family) in ALWAYS_THERE:
            for span in _uncovered(session, row, hospital, now):
                _add_extra(session, row, span, "Extra clinic")
    _fill(session, hospital, now)


def _fill(session: Session, hospital: Hospital, now: datetime) -> None:
    slots.make_slots(
        session, by=SYSTEM, hospital=hospital, now=now - PAST, until=horizon(hospital, now)
    )


def _has_extras(session: Session, hospital: Hospital, today: date) -> bool:
    first, after = hospital.day(today)
    extras = select(ScheduleException.id).where(
        ScheduleException.kind == ExceptionKind.EXTRA,
        ScheduleException.starts_at >= first,
        ScheduleException.starts_at < after,
    )
    return bool(session.scalar(select(exists(extras.subquery().select()))))


def _uncovered(
    session: Session, practitioner: Practitioner, hospital: Hospital, now: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The times around now in which the practitioner sees nobody, in whole slots of today."""
    length = timedelta(minutes=places.SLOT_MINUTES)
    first, after = hospital.day(hospital.today(now))
    whole = (now - first) // length * length + first
    start, end = max(first, whole - BEFORE_NOW), min(after, whole + AFTER_NOW)
    there = session.execute(
        select(Slot.starts_at, Slot.ends_at)
        .where(Slot.practitioner_id == practitioner.id, Slot.ends_at > start, Slot.starts_at < end)
        .order_by(Slot.starts_at)
    ).all()
    for begins, ends in _gaps(start, end, [(row.starts_at, row.ends_at) for row in there]):
        if ends - begins >= length:
            yield begins, ends


def _gaps(
    start: datetime, end: datetime, taken: Iterable[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    for begins, ends in taken:
        if begins > start:
            yield start, begins
        start = max(start, ends)
    if start < end:
        yield start, end


def _add_extra(
    session: Session, practitioner: Practitioner, span: tuple[datetime, datetime], reason: str
) -> None:
    clinics = (
        select(Location.id)
        .join(PractitionerRole, PractitionerRole.location_id == Location.id)
        .where(PractitionerRole.practitioner_id == practitioner.id, Location.active)
    )
    clinic_id = session.scalars(clinics.order_by(Location.id)).first()
    if clinic_id is None:
        return
    session.add(
        ScheduleException(
            kind=ExceptionKind.EXTRA,
            practitioner_id=practitioner.id,
            location_id=clinic_id,
            starts_at=span[0],
            ends_at=span[1],
            slot_minutes=places.SLOT_MINUTES,
            mode=Mode.IN_PERSON,
            reason=reason,
        )
    )
    session.flush()
