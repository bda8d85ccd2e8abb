"""What is written into the outbox, and when it is due."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.models import Appointment, Notice
from portal.notices.outbox import Announced, announce
from portal.settings.hospital import Hospital
from portal.vocabulary import NoticeState, Occasion
from tests.builders import (
    NOW,
    a_location,
    a_patient,
    a_practitioner,
    a_slot,
    an_appointment,
    context_for,
)

HOSPITAL = Hospital(reminder_hours=48)


def an_appointment_in(session: Session, ahead: timedelta) -> Appointment:
    slot = a_slot(session, a_practitioner(session), a_location(session), starts_at=NOW + ahead)
    return an_appointment(session, a_patient(session), slot)


def tell(session: Session, appointment: Appointment, occasion: Occasion) -> None:
    after = Announced(appointment.id, appointment.sequence, appointment.starts_at)
    announce(context_for(session, hospital=HOSPITAL), occasion, after)


def written(session: Session) -> dict[Occasion, Notice]:
    return {notice.occasion: notice for notice in session.scalars(select(Notice))}


@pytest.mark.parametrize("occasion", [Occasion.BOOKED, Occasion.MOVED])
def test_a_booking_or_a_move_brings_a_reminder(session: Session, occasion: Occasion) -> None:
    appointment = an_appointment_in(session, timedelta(days=5))

    tell(session, appointment, occasion)

    notices = written(session)
    assert set(notices) == {occasion, Occasion.REMINDER}
    assert notices[occasion].due_at == NOW
    assert notices[Occasion.REMINDER].due_at == appointment.starts_at - timedelta(hours=48)
    assert {notice.state for notice in notices.values()} == {NoticeState.WAITING}
    assert len({notice.ref for notice in notices.values()}) == 2


def test_a_reminder_belongs_to_the_time_that_it_is_about(session: Session) -> None:
    """A reminder from before a move has an older sequence, so it is dropped."""
    appointment = an_appointment_in(session, timedelta(days=5))
    tell(session, appointment, Occasion.BOOKED)
    appointment.sequence = 1
    tell(session, appointment, Occasion.MOVED)

    told = [(one.occasion.value, one.sequence) for one in session.scalars(select(Notice))]
    assert sorted(told) == [("booked", 0), ("moved", 1), ("reminder", 0), ("reminder", 1)]


def test_no_reminder_when_its_time_is_past(session: Session) -> None:
    tell(session, an_appointment_in(session, timedelta(hours=48)), Occasion.BOOKED)

    assert set(written(session)) == {Occasion.BOOKED}


def test_a_cancellation_brings_no_reminder(session: Session) -> None:
    tell(session, an_appointment_in(session, timedelta(days=5)), Occasion.CANCELLED)

    assert set(written(session)) == {Occasion.CANCELLED}


def test_an_occasion_is_told_once(session: Session) -> None:
    appointment = an_appointment_in(session, timedelta(days=5))
    tell(session, appointment, Occasion.BOOKED)

    with pytest.raises(IntegrityError):
        tell(session, appointment, Occasion.BOOKED)


def test_it_costs_one_statement(session: Session) -> None:
    appointment = an_appointment_in(session, timedelta(days=5))
    statements: list[str] = []
    connection = session.connection()
    event.listen(
        connection,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )

    tell(session, appointment, Occasion.BOOKED)

    assert len(statements) == 1
