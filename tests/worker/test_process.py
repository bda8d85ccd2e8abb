"""The worker as a process: killed, told to stop, cut off from its database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from portal.models import Notice
from portal.notices.sending import queue
from portal.vocabulary import NoticeState
from tests.builders import a_notice, a_patient, an_appointment_of, as_it_stands
from tests.notices.mail_server import MailServer, running_mail_server
from tests.settings import ENVIRONMENT
from tests.worker.forwarder import Forwarder

ROOT = Path(__file__).parents[2]
SECONDS = 30
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def start_worker(database_url: str, mail_server: MailServer, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker over SMTP; its log is `tmp_path / "log"`."""
    started: list[subprocess.Popen[bytes]] = []

    def start(url: str = database_url) -> subprocess.Popen[bytes]:
        settings = {"DATABASE_URL": url, "MAIL_TRANSPORT": "smtp", "SMTP_URL": mail_server.url}
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "portal.worker"],
                cwd=ROOT,
                env={**os.environ, **ENVIRONMENT, **settings},
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def until(condition: Callable[[], Any], message: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, message
        time.sleep(0.05)


def a_due_notice(session: Session) -> Notice:
    """Due now by the real clock, about an appointment that lies ahead by it."""
    now = datetime.now(UTC)
    patient = a_patient(session, email="amina.okafor@example.org")
    appointment = an_appointment_of(session, patient, starts_at=now + timedelta(days=7))
    notice = a_notice(session, appointment, due_at=now)
    session.commit()
    return notice


def in_state(session: Session, notice: Notice, state: NoticeState) -> Callable[[], bool]:
    return lambda: as_it_stands(session, notice).state is state


def test_a_worker_killed_between_sending_and_saving_sends_the_same_message_again(
    database: Session, start_worker: Start, mail_server: MailServer
) -> None:
    notice = a_due_notice(database)
    mail_server.gate.clear()
    worker = start_worker()
    assert mail_server.arrived.wait(SECONDS), "the message arrived, its sender waits for an answer"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    mail_server.gate.set()

    assert as_it_stands(database, notice).state is NoticeState.SENDING
    assert notice.due_at > datetime.now(UTC) + queue.LEASE - timedelta(seconds=SECONDS)
    notice.due_at = datetime.now(UTC) - queue.GRACE  # as if the lease had ended
    database.commit()
    start_worker()
    until(in_state(database, notice, NoticeState.SENT), "another worker sends it")

    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first["To"] == second["To"] == "amina.okafor@example.org"
    assert as_it_stands(database, notice).attempts == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_finishes_its_notice(
    database: Session, start_worker: Start, mail_server: MailServer, number: signal.Signals
) -> None:
    notice = a_due_notice(database)
    mail_server.gate.clear()
    worker = start_worker()
    assert mail_server.arrived.wait(SECONDS)
    left = a_due_notice(database)

    worker.send_signal(number)
    time.sleep(0.3)
    assert worker.poll() is None
    mail_server.gate.set()

    assert worker.wait(SECONDS) == 0
    assert as_it_stands(database, notice).state is NoticeState.SENT
    assert as_it_stands(database, left).state is NoticeState.WAITING
    assert len(mail_server.messages) == 1


def test_several_workers_send_each_notice_once(
    database: Session, start_worker: Start, mail_server: MailServer
) -> None:
    notices = [a_due_notice(database) for _ in range(20)]
    for _ in range(2):
        start_worker()

    for notice in notices:
        until(in_state(database, notice, NoticeState.SENT), "every notice is sent")

    assert len(mail_server.messages) == 20
    assert len({message["Message-ID"] for message in mail_server.messages}) == 20


def test_a_database_that_is_away_is_waited_for(
    database: Session,
    database_url: str,
    start_worker: Start,
    mail_server: MailServer,
    tmp_path: Path,
) -> None:
    address = make_url(database_url)
    assert address.port is not None
    door = Forwarder(address.port)
    through_the_door = address.set(port=door.port).render_as_string(hide_password=False)
    first = a_due_notice(database)

    worker = start_worker(through_the_door)
    log = tmp_path / "log"
    until(lambda: "send notices: OperationalError" in log.read_text(), "it finds no database")
    until(lambda: "again in 2 s" in log.read_text(), "its pauses grow")
    door.open()
    until(in_state(database, first, NoticeState.SENT), "it goes on as soon as there is one")

    door.shut()
    seen = log.read_text().count("OperationalError")
    until(lambda: log.read_text().count("OperationalError") > seen, "it loses the database")
    second = a_due_notice(database)
    door.open()
    until(in_state(database, second, NoticeState.SENT), "it finds it again")

    assert worker.poll() is None
    assert len(mail_server.messages) == 2
    assert "amina" not in log.read_text()
    assert "Okafor" not in log.read_text()
    assert (address.password or "") not in log.read_text()
    door.shut()


def test_without_settings_it_says_what_to_set(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "portal.worker"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 1
    assert "DATABASE_URL is not set" in outcome.stderr
    assert "Traceback" not in outcome.stderr
