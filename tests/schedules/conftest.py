"""A practitioner with Tuesday mornings, their slots, and an administrator."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor, Role
from portal.hospital import Hospital
from portal.models import (
    Account,
    Appointment,
    Location,
    Practitioner,
    Schedule,
    Slot,
    SlotStatus,
)
from portal.schedules.rebooking import Effect, Unconfirmed
from portal.schedules.slots import make_slots
from portal.web import current
from tests.hospital import (
    NOW,
    a_location,
    a_patient,
    a_practitioner,
    a_schedule,
    actor_of,
    an_account,
    an_appointment,
)

HOSPITAL = Hospital()
NEXT_TUESDAY = datetime(2026, 3, 10, tzinfo=UTC)


@dataclass
class Clinic:
    """Tuesdays from 9 to 12, twenty minutes each, nine slots; made for eight weeks."""

    session: Session
    location: Location
    practitioner: Practitioner
    schedule: Schedule
    administrator: Actor

    def slot(self, clock: str = "9:00", day: datetime = NEXT_TUESDAY) -> Slot:
        """The slot that begins at this time, as the database has it now."""
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
        """What is shown for confirmation; nothing of it is kept."""
        attempt = self.session.begin_nested()
        with pytest.raises(Unconfirmed) as question:
            act()
        attempt.rollback()
        return question.value.effect


def a_clinic(session: Session) -> Clinic:
    location = a_location(session)
    practitioner = a_practitioner(session, [location])
    schedule = a_schedule(session, practitioner, location)
    make_slots(session, by=SYSTEM, hospital=HOSPITAL, now=NOW, practitioner_id=practitioner.id)
    administrator = actor_of(an_account(session, Role.ADMINISTRATOR))
    return Clinic(session, location, practitioner, schedule, administrator)


@pytest.fixture
def clinic(session: Session) -> Clinic:
    return a_clinic(session)


@pytest.fixture
def open_clinic(database: Session, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The clinic as the portal's pages see it, at `NOW`."""
    monkeypatch.setattr(current, "now", lambda: NOW)
    found = a_clinic(database)
    found.practitioner.given, found.practitioner.family = "Grace", "Lindqvist"
    found.location.name = "Heart clinic"
    database.commit()
    return found


@pytest.fixture
def administrator(
    database: Session, open_clinic: Clinic, sign_in: Callable[[Account], FlaskClient]
) -> FlaskClient:
    """An administrator's browser."""
    return sign_in(an_account(database, Role.ADMINISTRATOR))
