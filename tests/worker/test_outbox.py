"""What is written into the outbox, and when it falls due."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.hospital import Hospital
from portal.models import Appointment, Notice
from portal.outbox import announce
from tests.hospital import NOW, a_location, a_patient, a_practitioner, a_slot, an_appointment

HOSPITAL = Hospital(reminder_hours=48)


def an_appointment_in(session: Session, ahead: timedelta) -> Appointment:
    slot = a_slot(session, a_practitioner(session), a_location(session), starts_at=NOW + ahead)
    return an_appointment(session, a_patient(session), slot)


def tell(session: Session, appointment: Appointment, occasion: Notice.Occasion) -> None:
    announce(
        session,
        appointment_id=appointment.id,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        occasion=occasion,
        hospital=HOSPITAL,
        now=NOW,
    )


def written(session: Session) -> dict[Notice.Occasion, Notice]:
    return {notice.occasion: notice for notice in session.scalars(select(Notice))}


@pytest.mark.parametrize("occasion", [Notice.Occasion.BOOKED, Notice.Occasion.MOVED])
def test_a_booking_or_a_move_brings_a_reminder(session: Session, occasion: Notice.Occasion) -> None:
    appointment = an_appointment_in(session, timedelta(days=5))

    tell(session, appointment, occasion)

    notices = written(session)
    assert set(notices) == {occasion, Notice.Occasion.REMINDER}
    assert notices[occasion].due_at == NOW
    assert notices[Notice.Occasion.REMINDER].due_at == appointment.starts_at - timedelta(hours=48)
    assert {notice.state for notice in notices.values()} == {Notice.State.WAITING}
    assert len({notice.ref for notice in notices.values()}) == 2


def test_no_reminder_when_its_time_is_past(session: Session) -> None:
    tell(session, an_appointment_in(session, timedelta(hours=48)), Notice.Occasion.BOOKED)

    assert set(written(session)) == {Notice.Occasion.BOOKED}


def test_a_cancellation_brings_no_reminder(session: Session) -> None:
    tell(session, an_appointment_in(session, timedelta(days=5)), Notice.Occasion.CANCELLED)

    assert set(written(session)) == {Notice.Occasion.CANCELLED}


def test_an_occasion_is_told_once(session: Session) -> None:
    appointment = an_appointment_in(session, timedelta(days=5))
    tell(session, appointment, Notice.Occasion.BOOKED)

    with pytest.raises(IntegrityError):
        tell(session, appointment, Notice.Occasion.BOOKED)


def test_it_costs_one_statement(session: Session) -> None:
    appointment = an_appointment_in(session, timedelta(days=5))
    statements: list[str] = []
    connection = session.connection()
    event.listen(
        connection,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )

    tell(session, appointment, Notice.Occasion.BOOKED)

    assert len(statements) == 1
