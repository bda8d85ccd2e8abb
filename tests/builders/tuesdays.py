"""A practitioner with Tuesday mornings, their slots, and an administrator."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.context import Context
from portal.models import Appointment, Location, Practitioner, Schedule, Slot
from portal.schedules.slots.actions import make_slots
from portal.schedules.slots.taking_out import Effect, Unconfirmed
from portal.vocabulary import SlotStatus
from tests.builders.appointments import an_appointment
from tests.builders.contexts import actor_of, context_for
from tests.builders.people import a_patient, an_account
from tests.builders.rows import NOW
from tests.builders.timetables import a_location, a_practitioner, a_schedule

NEXT_TUESDAY = datetime(2026, 3, 10, tzinfo=UTC)


@dataclass
class Clinic:
    """Tuesdays from 9 to 12, nine slots of twenty minutes, made for eight weeks."""

    session: Session
    location: Location
    practitioner: Practitioner
    schedule: Schedule
    administrator: Actor

    def context(self, session: Session | None = None, *, now: datetime = NOW) -> Context:
        """The administrator's context, in the clinic's session or in another one."""
        return context_for(session or self.session, self.administrator, now)

    def slot(self, clock: str = "9:00", day: datetime = NEXT_TUESDAY) -> Slot:
        """The slot that begins at this time, as it is in the database now."""
        hour, minute = map(int, clock.split(":"))
        found = self.session.scalars(
            select(Slot)
            .where(
                Slot.practitioner_id == self.practitioner.id,
                Slot.starts_at == day + timedelta(hours=hour, minutes=minute),
            )
            .execution_options(populate_existing=True)
        )
        return found.one()

    def statuses(self, day: datetime = NEXT_TUESDAY) -> list[SlotStatus]:
        found = self.session.scalars(
            select(Slot.status)
            .where(
                Slot.practitioner_id == self.practitioner.id,
                Slot.starts_at >= day,
                Slot.starts_at < day + timedelta(days=1),
            )
            .order_by(Slot.starts_at)
        )
        return list(found)

    def booked(self, clock: str = "9:00", day: datetime = NEXT_TUESDAY) -> Appointment:
        return an_appointment(self.session, a_patient(self.session), self.slot(clock, day))

    def asked(self, act: Callable[[], object]) -> Effect:
        """The changes that are shown for confirmation. Nothing is saved."""
        attempt = self.session.begin_nested()
        with pytest.raises(Unconfirmed) as question:
            act()
        attempt.rollback()
        return question.value.effect


def a_clinic(session: Session) -> Clinic:
    location = a_location(session)
    practitioner = a_practitioner(session, [location])
    schedule = a_schedule(session, practitioner, location)
    make_slots(context_for(session), practitioner_id=practitioner.id)
    administrator = actor_of(an_account(session, Role.ADMINISTRATOR))
    return Clinic(session, location, practitioner, schedule, administrator)
