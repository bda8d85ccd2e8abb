"""What happens to a notice when it is due: it is sent or dropped."""

from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Notice
from portal.notices.sending import actions, due
from portal.notices.sending.post_office import PostOffice
from portal.vocabulary import OF_APPOINTMENTS, NoticeState, Occasion, SlotStatus
from tests.builders import (
    A_WEEK_AHEAD,
    NOW,
    a_notice,
    a_patient,
    an_appointment_of,
    as_it_stands,
    audited,
    contexts_for,
)
from tests.notices.sending import HOSPITAL, Send, Sessions, State, Status
from tests.plugins.post import Pigeonhole


@pytest.mark.parametrize("occasion", OF_APPOINTMENTS, ids=lambda occasion: occasion.value)
def test_a_notice_that_is_still_true_is_sent_and_audited(
    database: Session, send: Send, pigeonhole: Pigeonhole, occasion: Occasion
) -> None:
    patient = a_patient(database)
    cancelled = occasion is Occasion.CANCELLED
    status = Status.CANCELLED if cancelled else Status.BOOKED
    appointment = an_appointment_of(database, patient, status=status, sequence=3)
    if occasion is Occasion.WITHDRAWN:
        appointment.slot.status = SlotStatus.UNAVAILABLE
    notice = a_notice(database, appointment, occasion, last_error="An earlier one.")
    database.commit()

    assert send()
    assert not send()

    assert pigeonhole.addresses == [patient.email]
    after = as_it_stands(database, notice)
    assert (after.state, after.last_error) == (State.SENT, None)
    assert after.sent_at is not None
    (entry,) = audited(database)
    assert (entry.deed, entry.entity) == ("send notices", f"Notice/{notice.ref}")
    assert (entry.patient_ref, entry.detail) == (patient.ref, {"occasion": occasion.value})


OVERTAKEN = [
    (Occasion.REMINDER, {"sequence": 1}),
    (Occasion.REMINDER, {"sequence": 1, "status": Status.CANCELLED}),
    (Occasion.REMINDER, {"status": Status.CANCELLED}),
    (Occasion.REMINDER, {"status": Status.ARRIVED}),
    (Occasion.REMINDER, {"status": Status.NOSHOW}),
    (Occasion.BOOKED, {"sequence": 1}),
    (Occasion.BOOKED, {"status": Status.FULFILLED}),
    (Occasion.MOVED, {"sequence": 1}),
    (Occasion.MOVED, {"sequence": 1, "status": Status.CANCELLED}),
    (Occasion.CANCELLED, {"status": Status.BOOKED}),
    (Occasion.CANCELLED, {"status": Status.CANCELLED, "sequence": 1}),
]


@pytest.mark.parametrize(("occasion", "became"), OVERTAKEN, ids=str)
def test_a_notice_that_is_out_of_date_is_dropped(
    database: Session,
    send: Send,
    pigeonhole: Pigeonhole,
    occasion: Occasion,
    became: dict[str, Any],
) -> None:
    appointment = an_appointment_of(database, a_patient(database), **became)
    notice = a_notice(database, appointment, occasion, sequence=0)
    database.commit()

    send()

    after = as_it_stands(database, notice)
    assert (after.state, after.last_error) == (State.DROPPED, due.CHANGED)
    assert pigeonhole.messages == []


@pytest.mark.parametrize("occasion", OF_APPOINTMENTS, ids=lambda occasion: occasion.value)
def test_a_notice_that_is_too_late_is_dropped(
    database: Session, send: Send, pigeonhole: Pigeonhole, occasion: Occasion
) -> None:
    cancelled = occasion is Occasion.CANCELLED
    status = Status.CANCELLED if cancelled else Status.BOOKED
    appointment = an_appointment_of(database, a_patient(database), status=status)
    notice = a_notice(database, appointment, occasion)
    database.commit()

    send(A_WEEK_AHEAD)

    after = as_it_stands(database, notice)
    assert (after.state, after.last_error) == (State.DROPPED, due.PAST)
    assert pigeonhole.messages == []


@pytest.mark.parametrize(
    ("slot_status", "state"),
    [(SlotStatus.UNAVAILABLE, State.SENT), (SlotStatus.BUSY, State.DROPPED)],
)
def test_a_patient_is_told_that_their_time_is_gone_unless_it_is_back(
    database: Session, send: Send, slot_status: SlotStatus, state: NoticeState
) -> None:
    appointment = an_appointment_of(database, a_patient(database))
    appointment.slot.status = slot_status
    notice = a_notice(database, appointment, Occasion.WITHDRAWN)
    database.commit()

    send()

    assert as_it_stands(database, notice).state is state


def test_two_workers_send_each_notice_once(
    app: Flask, database: Session, sessions: Sessions, post: PostOffice, pigeonhole: Pigeonhole
) -> None:
    expected = set()
    for _ in range(30):
        patient = a_patient(database)
        a_notice(database, an_appointment_of(database, patient))
        expected.add(patient.email)
    database.commit()

    def work() -> None:
        with app.app_context():
            while actions.send_next(contexts_for(sessions, NOW, HOSPITAL), post=post):
                pass

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(pigeonhole.messages) == 30
    assert set(pigeonhole.addresses) == expected
    database.rollback()
    assert set(database.scalars(select(Notice.state))) == {State.SENT}
