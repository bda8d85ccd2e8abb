"""What a patient finds in the mailbox after booking, moving and cancelling for real."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.access import Role
from portal.appointments import actions
from portal.hospital import Hospital
from portal.models import Appointment, Location, Notice, Patient, Practitioner, Slot, SlotStatus
from portal.worker.notices import due
from portal.worker.notices.sending import PostOffice, send_next
from tests.hospital import (
    NOW,
    a_location,
    a_patient,
    a_practitioner,
    a_slot,
    actor_of,
    an_account,
)
from tests.worker.conftest import Pigeonhole

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
        outcome = action(
            self.session,
            by=self.reception,
            patient_ref=self.patient.ref,
            hospital=HOSPITAL,
            now=now,
            **facts,
        )
        self.session.commit()
        return outcome

    def book(self, ahead: timedelta) -> str:
        ref: str = self.do(actions.book, slot_ref=self.slot(ahead).ref, about="")
        return ref

    def mail(self, now: datetime) -> list[tuple[str, str]]:
        """Subject, and day and time, of what was sent by `now` since the last time."""
        assert isinstance(self.post.transport, Pigeonhole)
        with self.app.app_context():
            while send_next(self.sessions, HOSPITAL, now, post=self.post):
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


def test_booked_and_reminded(desk: Desk) -> None:
    desk.book(7 * DAY)

    assert desk.mail(NOW) == [(BOOKED, "Tuesday 10 March 2026 at 10am")]
    assert desk.mail(NOW + 5 * DAY - HOUR) == []
    assert desk.mail(NOW + 5 * DAY) == [(REMINDER, "Tuesday 10 March 2026 at 10am")]
    assert desk.mail(NOW + 8 * DAY) == []


def test_moved_to_a_later_day(desk: Desk) -> None:
    ref = desk.book(7 * DAY)
    desk.mail(NOW)

    desk.do(actions.move, appointment_ref=ref, slot_ref=desk.slot(9 * DAY).ref)

    assert desk.mail(NOW) == [(MOVED, "Thursday 12 March 2026 at 10am")]
    assert desk.mail(NOW + 5 * DAY) == [], "the old reminder"
    assert desk.mail(NOW + 7 * DAY) == [(REMINDER, "Thursday 12 March 2026 at 10am")]


def test_moved_so_near_that_no_reminder_is_due(desk: Desk) -> None:
    ref = desk.book(7 * DAY)

    desk.do(actions.move, appointment_ref=ref, slot_ref=desk.slot(1 * DAY).ref)

    assert desk.mail(NOW) == [(MOVED, "Wednesday 4 March 2026 at 10am")]
    assert desk.mail(NOW + 5 * DAY) == []


def test_moved_twice_before_a_worker_came_by(desk: Desk) -> None:
    ref = desk.book(7 * DAY)
    for days in (8, 9):
        desk.do(actions.move, appointment_ref=ref, slot_ref=desk.slot(days * DAY).ref)

    assert desk.mail(NOW) == [(MOVED, "Thursday 12 March 2026 at 10am")]


def test_cancelled(desk: Desk) -> None:
    ref = desk.book(7 * DAY)
    desk.mail(NOW)

    desk.do(actions.cancel, appointment_ref=ref, why="")

    assert desk.mail(NOW) == [(CANCELLED, "Tuesday 10 March 2026 at 10am")]
    assert desk.mail(NOW + 5 * DAY) == [], "the old reminder"


def test_cancelled_while_the_reminder_was_being_retried(desk: Desk) -> None:
    ref = desk.book(7 * DAY)
    desk.mail(NOW)
    reminder = desk.session.scalars(
        select(Notice).where(Notice.occasion == Notice.Occasion.REMINDER)
    ).one()
    reminder.attempts = 3
    desk.session.commit()

    desk.do(actions.cancel, now=NOW + 5 * DAY, appointment_ref=ref, why="")

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
