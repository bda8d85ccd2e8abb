"""What a patient finds in the mailbox after booking, moving and cancelling for real."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.access import Role
from portal.appointments.booking import actions
from portal.models import Appointment, Location, Notice, Patient, Practitioner, Slot
from portal.notices.sending import due
from portal.notices.sending.actions import send_next
from portal.notices.sending.post_office import PostOffice
from portal.seen import Seen
from portal.settings.hospital import Hospital
from portal.vocabulary import Occasion, SlotStatus
from tests.builders import (
    NOW,
    a_location,
    a_patient,
    a_practitioner,
    a_slot,
    actor_of,
    an_account,
    context_for,
    contexts_for,
    seen,
)
from tests.plugins.post import Pigeonhole

HOSPITAL = Hospital(reminder_hours=48)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOOKED, MOVED = "Appointment booked", "New time for an appointment"
CANCELLED, REMINDER = "Appointment cancelled", "Reminder of an appointment"


class Desk:
    """Reception, a patient, and a worker whose clock the test turns."""

    def __init__(
        self, app: Flask, session: Session, sessions: sessionmaker[Session], post: PostOffice
    ) -> None:
        self.app, self.session, self.sessions, self.post = app, session, sessions, post
        self.reception = actor_of(an_account(session, Role.RECEPTION))
        self.patient: Patient = a_patient(session)
        self.location: Location = a_location(session)
        self.practitioner: Practitioner = a_practitioner(session, [self.location])
        session.commit()

    def slot(self, ahead: timedelta) -> Slot:
        return a_slot(self.session, self.practitioner, self.location, starts_at=NOW + ahead)

    def do(self, action: Callable[..., Any], now: datetime = NOW, **facts: Any) -> Any:
        context = context_for(self.session, self.reception, now, HOSPITAL)
        outcome = action(context, patient_ref=self.patient.ref, **facts)
        self.session.commit()
        return outcome

    def book(self, ahead: timedelta) -> str:
        ref: str = self.do(actions.book, slot=seen(self.slot(ahead)), about="")
        return ref

    def booked(self, ref: str) -> Seen:
        """The appointment as a page shows it now."""
        found = select(Appointment).where(Appointment.ref == ref)
        return seen(self.session.scalars(found.execution_options(populate_existing=True)).one())

    def mail(self, now: datetime) -> list[tuple[str, str]]:
        """Subject, and day and time, of what was sent by `now` since the last time."""
        assert isinstance(self.post.transport, Pigeonhole)
        with self.app.app_context():
            while send_next(contexts_for(self.sessions, now, HOSPITAL), post=self.post):
                pass
        messages, self.post.transport.messages = self.post.transport.messages, []
        return [_told(message) for message in messages]


def _told(message: Any) -> tuple[str, str]:
    lines = message.get_body(("plain",)).get_content().splitlines()
    (when,) = [line.strip() for line in lines if line.startswith("    ")]
    return message["Subject"].partition(" at ")[0], when


@pytest.fixture
def desk(app: Flask, database: Session, sessions: sessionmaker[Session], post: PostOffice) -> Desk:
    return Desk(app, database, sessions, post)


def test_a_patient_is_told_and_reminded(desk: Desk) -> None:
    desk.book(7 * DAY)

    assert desk.mail(NOW) == [(BOOKED, "Tuesday 10 March 2026 at 10am")]
    assert desk.mail(NOW + 5 * DAY - HOUR) == []
    assert desk.mail(NOW + 5 * DAY) == [(REMINDER, "Tuesday 10 March 2026 at 10am")]
    assert desk.mail(NOW + 8 * DAY) == []


def test_a_move_to_a_later_day_moves_the_reminder(desk: Desk) -> None:
    ref = desk.book(7 * DAY)
    desk.mail(NOW)

    desk.do(actions.move, appointment=desk.booked(ref), slot=seen(desk.slot(9 * DAY)))

    assert desk.mail(NOW) == [(MOVED, "Thursday 12 March 2026 at 10am")]
    assert desk.mail(NOW + 5 * DAY) == [], "the old reminder"
    assert desk.mail(NOW + 7 * DAY) == [(REMINDER, "Thursday 12 March 2026 at 10am")]


def test_a_move_to_a_near_time_gives_no_reminder(desk: Desk) -> None:
    ref = desk.book(7 * DAY)

    desk.do(actions.move, appointment=desk.booked(ref), slot=seen(desk.slot(1 * DAY)))

    assert desk.mail(NOW) == [(MOVED, "Wednesday 4 March 2026 at 10am")]
    assert desk.mail(NOW + 5 * DAY) == []


def test_two_moves_before_the_worker_runs_give_one_email(desk: Desk) -> None:
    ref = desk.book(7 * DAY)
    for days in (8, 9):
        desk.do(actions.move, appointment=desk.booked(ref), slot=seen(desk.slot(days * DAY)))

    assert desk.mail(NOW) == [(MOVED, "Thursday 12 March 2026 at 10am")]


def test_a_cancellation_stops_the_reminder(desk: Desk) -> None:
    ref = desk.book(7 * DAY)
    desk.mail(NOW)

    desk.do(actions.cancel, appointment=desk.booked(ref), why="")

    assert desk.mail(NOW) == [(CANCELLED, "Tuesday 10 March 2026 at 10am")]
    assert desk.mail(NOW + 5 * DAY) == [], "the old reminder"


def test_a_cancellation_stops_a_reminder_that_is_being_retried(desk: Desk) -> None:
    ref = desk.book(7 * DAY)
    desk.mail(NOW)
    reminder = desk.session.scalars(
        select(Notice).where(Notice.occasion == Occasion.REMINDER)
    ).one()
    reminder.attempts = 3
    desk.session.commit()

    desk.do(actions.cancel, now=NOW + 5 * DAY, appointment=desk.booked(ref), why="")

    assert [subject for subject, _ in desk.mail(NOW + 5 * DAY)] == [CANCELLED]


def test_nobody_is_asked_to_come_to_a_session_that_was_cancelled(desk: Desk) -> None:
    desk.book(7 * DAY)
    desk.mail(NOW)
    desk.session.scalars(select(Slot)).one().status = SlotStatus.UNAVAILABLE
    desk.session.commit()

    assert desk.mail(NOW + 5 * DAY) == []
    reasons = set(desk.session.scalars(select(Notice.last_error)))
    assert reasons == {None, due.TAKEN_OUT}


def test_a_booking_that_fails_tells_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "announce", broken)
    with pytest.raises(RuntimeError):
        desk.book(7 * DAY)
    desk.session.rollback()

    assert desk.session.scalars(select(Appointment)).all() == []
    assert desk.mail(NOW + 6 * DAY) == []
