"""When the mail service, a template, the database or the worker fails while an email is sent."""

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from portal.errors import Unavailable
from portal.models import NoticeDelivery, Patient
from portal.notices.mail.undelivered import LATER, Undelivered
from portal.notices.sending import actions, queue
from tests.builders import NOW, a_notice, a_patient, an_appointment_of, as_it_stands
from tests.notices.sending import CHILD, Send, State, a_family
from tests.plugins.post import Pigeonhole


def test_a_mail_service_that_is_away_is_asked_again_later(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    notice, other = a_notice(database), a_notice(database)
    database.commit()
    pigeonhole.faults = [Undelivered("No answer.", everywhere=True)]

    assert not send(), "the next notice would fail too"

    after = as_it_stands(database, notice)
    assert (after.state, after.attempts, after.last_error) == (State.WAITING, 1, "No answer.")
    assert after.due_at > NOW
    assert as_it_stands(database, other).attempts == 0
    send(after.due_at)
    send(after.due_at)
    assert as_it_stands(database, notice).state is State.SENT


def test_a_permanent_refusal_is_not_tried_again(
    database: Session, send: Send, pigeonhole: Pigeonhole
) -> None:
    notice = a_notice(database)
    database.commit()
    pigeonhole.faults = [Undelivered("No such address.", permanent=True)]

    send()

    after = as_it_stands(database, notice)
    assert (after.state, after.last_error) == (State.FAILED, "No such address.")


def test_a_retry_leaves_out_receivers_who_got_their_email(
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

    monkeypatch.setattr(actions, "compose", broken)

    assert send()

    assert as_it_stands(database, notice).last_error == actions.UNFORESEEN
    assert "LookupError" in caplog.text
    assert "amina" not in caplog.text


def test_a_database_that_goes_away_after_sending_is_tried_again(
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


def test_after_a_crash_between_sending_and_saving_nobody_gets_a_second_email(
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
