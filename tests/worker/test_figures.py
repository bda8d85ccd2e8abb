"""What the worker counts: notices that wait, were sent or were given up."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from portal.notices.mail.undelivered import Undelivered
from portal.notices.sending.actions import send_next
from portal.notices.sending.post_office import PostOffice
from portal.telemetry.measures import BOOKING, NOTICE, OUTBOX
from portal.vocabulary import NoticeState
from portal.worker.figures import measure_the_outbox
from tests.builders import NOW, a_notice, a_patient, an_appointment_of, contexts_for
from tests.embedded_metrics import measured_in
from tests.plugins.post import Pigeonhole

State = NoticeState
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@pytest.mark.parametrize(
    ("notices", "age", "waiting"),
    [
        ([], 0, 0),
        ([{"due_at": NOW - 7 * MINUTE}, {"due_at": NOW - MINUTE}], 420, 2),
        ([{"due_at": NOW + MINUTE}], 0, 0),
        ([{"due_at": NOW - MINUTE, "state": State.SENDING}], 60, 1),
        ([{"due_at": NOW - MINUTE, "state": State.SENT}], 0, 0),
        ([{"due_at": NOW - MINUTE, "state": State.FAILED}], 0, 0),
    ],
    ids=["none", "two wait", "not yet due", "its worker is gone", "sent", "given up"],
)
def test_the_age_of_the_outbox_is_that_of_the_oldest_notice(
    database: Session,
    sessions: sessionmaker[Session],
    caplog: pytest.LogCaptureFixture,
    notices: list[dict[str, Any]],
    age: float,
    waiting: int,
) -> None:
    for facts in notices:
        a_notice(database, **facts)
    database.commit()

    assert measure_the_outbox(contexts_for(sessions)) is False

    assert measured_in(caplog, OUTBOX) == [{"OldestNoticeAge": age, "NoticesWaiting": waiting}]
    assert measured_in(caplog, BOOKING) == [{"Bookings": 0, "Outcome": "booked"}]


@pytest.mark.parametrize(
    ("faults", "sent", "failed"),
    [([], 1, 0), ([Undelivered("No such mailbox.", permanent=True)], 0, 1)],
    ids=["sent", "given up"],
)
def test_a_notice_counts_when_it_is_settled(
    app: Flask,
    database: Session,
    sessions: sessionmaker[Session],
    post: PostOffice,
    pigeonhole: Pigeonhole,
    caplog: pytest.LogCaptureFixture,
    faults: list[Undelivered],
    sent: int,
    failed: int,
) -> None:
    patient = a_patient(database, email="amina@patients.example")
    a_notice(database, an_appointment_of(database, patient))
    database.commit()
    pigeonhole.faults = faults

    with app.app_context():
        send_next(contexts_for(sessions), post=post)

    assert measured_in(caplog, NOTICE) == [{"NoticesSent": sent, "NoticesFailed": failed}]
