"""Adds leave and closures on a Tuesday of the clinic, and ends them."""

from datetime import date, datetime

from sqlalchemy import select

from portal.models import ScheduleException
from portal.schedules.absences.actions import AbsenceFacts, add_closures, add_leave
from portal.schedules.exceptions.actions import end_exception
from portal.schedules.slots.taking_out import Effect
from portal.vocabulary import SlotStatus
from tests.builders import NOW, seen_now
from tests.builders.tuesdays import Clinic

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE


TUESDAY = AbsenceFacts(date(2026, 3, 10), date(2026, 3, 10), None, None, "Annual leave")


def leave(clinic: Clinic, facts: AbsenceFacts = TUESDAY, confirmed: str | None = None) -> Effect:
    return add_leave(
        clinic.context(),
        practitioner_ref=clinic.practitioner.ref,
        facts=facts,
        confirmed=confirmed,
    )


def close(
    clinic: Clinic,
    location_ref: str | None = None,
    facts: AbsenceFacts = TUESDAY,
    confirmed: str | None = None,
) -> Effect:
    return add_closures(
        clinic.context(),
        location_ref=location_ref,
        closures=[facts],
        confirmed=confirmed,
    )


def end(clinic: Clinic, which: int = 0, now: datetime = NOW) -> Effect:
    found = clinic.session.scalars(select(ScheduleException).order_by(ScheduleException.id)).all()
    return end_exception(
        clinic.context(now=now),
        exception=seen_now(found[which]),
        confirmed=None,
    )
