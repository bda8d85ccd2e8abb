"""The hospital's slots: of the last weeks, of today, and of the weeks to come."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor
from portal.context import Context
from portal.development.cognito.people import PRIYA_RAMAN, TOMASZ_ZIELINSKI
from portal.development.demonstration import places
from portal.models import Location, Practitioner, PractitionerRole, ScheduleException, Slot
from portal.schedules.absences.actions import AbsenceFacts, add_closures
from portal.schedules.absences.bank_holidays import names_of
from portal.schedules.slots import actions
from portal.schedules.slots.queries import horizon
from portal.settings.hospital import Hospital
from portal.vocabulary import ExceptionKind, Mode

PAST = timedelta(days=21)
ALWAYS_THERE = {
    (person.given_name, person.family_name) for person in (PRIYA_RAMAN, TOMASZ_ZIELINSKI)
}
BEFORE_NOW, AFTER_NOW = timedelta(minutes=100), timedelta(minutes=160)
"""A clinic runs within this time around now by day, so that there is something to see and to do."""


def close_on_bank_holidays(
    session: Session, *, by: Actor, hospital: Hospital, now: datetime
) -> None:
    """Those of a year, except today if it is one, because somebody wants to try things today."""
    today = hospital.today(now)
    days = names_of(hospital.region, [today.year, today.year + 1])
    closures = [
        AbsenceFacts(day, day, None, None, name)
        for day, name in sorted(days.items())
        if timedelta() < day - today <= timedelta(days=365)
    ]
    context = Context(session, by, hospital, now)
    add_closures(context, location_ref=None, closures=closures, confirmed=None)


def make_slots(session: Session, hospital: Hospital, now: datetime) -> None:
    """There is a clinic today, even on a Sunday, and by day a doctor's clinic runs now."""
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
    until = horizon(Context(session, SYSTEM, hospital, now))
    actions.make_slots(Context(session, SYSTEM, hospital, now - PAST), until=until)


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
    """The practitioner's free times of today around now, in whole slots."""
    length = timedelta(minutes=places.SLOT_MINUTES)
    opens, closes = places.DAY
    today = hospital.today(now)
    first, after = hospital.instant(today, opens), hospital.instant(today, closes)
    whole = (now - first) // length * length + first
    start, end = max(first, whole - BEFORE_NOW), min(after, whole + AFTER_NOW)
    if start >= end:
        return
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
