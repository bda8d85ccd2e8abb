"""The hospital's slots: of the last weeks, of today, and of the weeks to come."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.demonstration import places
from portal.hospital import Hospital
from portal.models import ExceptionKind, Location, Mode, Practitioner, ScheduleException
from portal.schedules import slots
from portal.schedules.timetable import horizon

PAST = timedelta(days=21)


def make_slots(
    session: Session, practitioners: Sequence[Practitioner], hospital: Hospital, now: datetime
) -> None:
    """There is a clinic today, whatever day it is."""
    today = hospital.today(now)
    if today.weekday() >= len(places.WEEKDAYS):
        clinics = {row.name: row for row in session.scalars(select(Location))}
        session.add_all(_weekend(clinics, practitioners, hospital, today))
        session.flush()
    slots.make_slots(
        session, by=SYSTEM, hospital=hospital, now=now - PAST, until=horizon(hospital, now)
    )


def _weekend(
    clinics: dict[str, Location],
    practitioners: Sequence[Practitioner],
    hospital: Hospital,
    today: date,
) -> Iterator[ScheduleException]:
    for row, facts in zip(practitioners, places.PRACTITIONERS, strict=True):
        for starts, ends in (places.MORNING, places.AFTERNOON):
            yield ScheduleException(
                kind=ExceptionKind.EXTRA,
                practitioner_id=row.id,
                location_id=clinics[facts.clinics[0]].id,
                starts_at=hospital.instant(today, starts),
                ends_at=hospital.instant(today, ends),
                slot_minutes=places.SLOT_MINUTES,
                mode=Mode.IN_PERSON,
                reason="Weekend clinic",
            )
