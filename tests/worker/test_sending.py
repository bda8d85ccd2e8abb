"""What becomes of a notice when its turn has come."""

from collections.abc import Callable
from datetime import date, datetime
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from portal.errors import Unavailable
from portal.hospital import Hospital
from portal.models import AppointmentStatus, AuditEvent, Notice, NoticeDelivery, Patient
from portal.models import Relationship as Acts
from portal.worker.mail.undelivered import LATER, Undelivered
from portal.worker.notices import due, queue, sending
from portal.worker.notices.sending import PostOffice
from tests.hospital import NOW, a_patient, an_account_of
from tests.worker.conftest import Pigeonhole
from tests.worker.notices import A_WEEK_AHEAD, a_notice, an_appointment_of, as_it_stands

HOSPITAL = Hospital(child_proxy_ends_at_age=16)
Occasion, State, Status = Notice.Occasion, Notice.State, AppointmentStatus
Sessions = sessionmaker[Session]
Send = Callable[..., bool]


@pytest.fixture
def send(app: Flask, sessions: Sessions, post: PostOffice) -> Send:
    """Sends one notice as at NOW, unless told another time; whether there may be more."""

    def send_next(now: datetime = NOW) -> bool:
        with app.app_context():
            return sending.send_next(sessions, HOSPITAL, now, post=post)

    return send_next


@pytest.mark.parametrize("occasion", list(Occasion), ids=lambda occasion: occasion.value)
def test_a_notice_that_is_true_is_sent_and_remembered(
    database: Session, send: Send, pigeonhole: Pigeonhole, occasion: Notice.Occasion
) -> None:
    patient = a_patient(database)
    cancelled = occasion is Occasion.CANCELLED
    status = Status.CANCELLED if cancelled else Status.BOOKED
    appointment = an_appointment_of(database, patient, status=status, sequence=3)
    notice = a_notice(database, appointment, occasion, last_error="An earlier one.")
    database.commit()

    assert send()
    assert not send()

    assert pigeonhole.addresses == [patient.email]
    after = as_it_stands(database, notice)
    assert (after.state, after.last_error) == (State.SENT, None)
    assert after.sent_at is not None
    entry = database.scalars(select(AuditEvent)).one()
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
def test_what_was_overtaken_is_dropped(
    database: Session,
    send: Send,
    pigeonhole: Pigeonhole,
    occasion: Notice.Occasion,
    became: dict[str, Any],
) -> None:
    appointment = an_appointment_of(database, a_patient(database), **became)
    notice = a_notice(database, appointment, occasion, sequence=0)
    database.commit()

    send()

    after = as_it_stands(database, notice)
    assert (after.state, after.last_error) == (State.DROPPED, due.CHANGED)
    assert pigeonhole.messages == []


@pytest.mark.parametrize("occasion", list(Occasion), ids=lambda occasion: occasion.value)
def test_what_comes_too_late_is_dropped(
    database: Session, send: Send, pigeonhole: Pigeonhole, occasion: Notice.Occasion
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


CHILD = {"birth_date": date(2010, 3, 4)}  # sixteen the day after NOW
GROWN_UP = {"birth_date": date(2010, 3, 3)}


def a_family(database: Session, **facts: Any) -> Patient:
    """A patient with an address, for whom mother and father act."""
    patient = a_patient(database, email="home@example.org", **facts)
    for parent in ("mother", "father"):
        account = an_account_of(database, patient, Acts.PARENT)
        account.email = f"{parent}@example.org"
    return patient


def receivers(database: Session, patient: Patient, send: Send, pigeonhole: Pigeonhole) -> list[str]:
    a_notice(database, an_appointment_of(database, patient))
    database.commit()
    send()
    return pigeonhole.addresses


def test_an_adults_notice_goes_to_the_record(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    patient = a_family(database, **GROWN_UP)
    assert receivers(database, patient, send, pigeonhole) == ["home@example.org"]


def test_a_childs_notice_goes_to_each_who_acts_for_it_apart(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    patient = a_family(database, **CHILD)

    parents = receivers(database, patient, send, pigeonhole)

    assert parents == ["mother@example.org", "father@example.org"]
    for message, other in zip(pigeonhole.messages, reversed(parents), strict=True):
        assert other not in message.as_string()
        assert "somebody you act for" in message.as_string()
    assert len({message["Message-ID"] for message in pigeonhole.messages}) == 2


def test_who_acts_no_more_gets_nothing(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    child = a_patient(database, email="home@example.org", **CHILD)
    an_account_of(database, child, Acts.PARENT, ended_at=NOW)
    an_account_of(database, child, Acts.GUARDIAN, ends_on=NOW.date())
    an_account_of(database, child, Acts.CARER).disabled_at = NOW
    an_account_of(database, child, Acts.PARENT).email = None

    assert receivers(database, child, send, pigeonhole) == ["home@example.org"]


def test_one_address_gets_one_message(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    child = a_patient(database, **CHILD)
    for address in ("Home@example.org", "home@example.org"):
        an_account_of(database, child, Acts.PARENT).email = address

    assert receivers(database, child, send, pigeonhole) == ["Home@example.org"]


def test_an_adult_without_address_is_told_through_the_account(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    patient = a_patient(database, email=None)
    account = an_account_of(database, patient)

    assert receivers(database, patient, send, pigeonhole) == [account.email]
    assert "somebody" not in pigeonhole.messages[0].as_string()


@pytest.mark.parametrize("facts", [{"email": None}, {"deceased_on": date(2026, 3, 1)}], ids=str)
def test_without_anybody_it_is_dropped(
    database: Session, send: Send, pigeonhole: Pigeonhole, facts: dict[str, Any]
) -> None:
    patient = a_patient(database, **facts)
    if patient.deceased_on:
        an_account_of(database, patient, Acts.CARER)

    assert receivers(database, patient, send, pigeonhole) == []

    dropped = database.scalars(select(Notice)).one()
    assert (dropped.state, dropped.last_error) == (State.DROPPED, sending.NOBODY)


def test_a_mail_service_that_is_away_is_asked_again_later(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    notice, other = a_notice(database), a_notice(database)
    database.commit()
    pigeonhole.faults = [Undelivered("No answer.", everywhere=True)]

    assert not send(), "the next notice would fare no better"

    after = as_it_stands(database, notice)
    assert (after.state, after.attempts, after.last_error) == (State.WAITING, 1, "No answer.")
    assert after.due_at > NOW
    assert as_it_stands(database, other).attempts == 0
    send(after.due_at)
    send(after.due_at)
    assert as_it_stands(database, notice).state is State.SENT


def test_a_refusal_for_good_is_not_tried_again(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    notice = a_notice(database)
    database.commit()
    pigeonhole.faults = [Undelivered("No such address.", permanent=True)]

    send()

    after = as_it_stands(database, notice)
    assert (after.state, after.last_error) == (State.FAILED, "No such address.")


def test_a_retry_leaves_out_who_was_served(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    notice = a_notice(database, an_appointment_of(database, a_family(database, **CHILD)))
    database.commit()
    pigeonhole.faults = [Undelivered(LATER)]

    send()
    assert pigeonhole.addresses == ["father@example.org"]
    send(as_it_stands(database, notice).due_at)

    assert pigeonhole.addresses == ["father@example.org", "mother@example.org"]
    assert as_it_stands(database, notice).state is State.SENT


def test_a_template_that_breaks_fails_only_its_notice(
    database: Session, send: Send, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    patient = a_patient(database, email="amina.okafor@example.org")
    notice = a_notice(database, an_appointment_of(database, patient))
    database.commit()

    def broken(*_: Any, **__: Any) -> None:
        raise LookupError("amina.okafor@example.org")

    monkeypatch.setattr(sending, "compose", broken)

    assert send()

    assert as_it_stands(database, notice).last_error == sending.UNFORESEEN
    assert "LookupError" in caplog.text
    assert "amina" not in caplog.text


def test_a_database_that_goes_away_after_sending_is_insisted_upon(
    database: Session,
    send: Send,
    pigeonhole: Pigeonhole,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notice = a_notice(database)
    database.commit()
    delivered = queue.delivered
    away = [OperationalError("", {}, Exception()), PoolTimeout(), Unavailable()]

    def lost_at_first(*arguments: Any) -> bool:
        if away:
            raise away.pop()
        return delivered(*arguments)

    monkeypatch.setattr(queue, "delivered", lost_at_first)

    send()

    assert len(pigeonhole.messages) == 1
    assert as_it_stands(database, notice).state is State.SENT


def test_after_a_crash_between_two_words_nobody_is_written_to_again(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    patient = a_patient(database)
    notice = a_notice(database, an_appointment_of(database, patient), attempts=1)
    database.add(
        NoticeDelivery(notice_id=notice.id, recipient=Patient.reference(patient.ref), sent_at=NOW)
    )
    database.commit()

    send()

    assert pigeonhole.messages == []
    assert as_it_stands(database, notice).state is State.SENT


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
            while sending.send_next(sessions, HOSPITAL, NOW, post=post):
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
