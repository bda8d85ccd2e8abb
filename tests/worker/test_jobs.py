"""Which jobs there are, and how they are repeated."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.access import SYSTEM
from portal.context import Contexts
from portal.models import RateLimit, SignInSession, Submission
from portal.settings.hospital import Hospital
from portal.telemetry.measures import JOB_FAILED
from portal.worker import commands, process, sweep
from portal.worker.jobs import Job, jobs_of
from portal.worker.process import Worker
from tests.builders import NOW, an_account, contexts_for
from tests.embedded_metrics import measured_in
from tests.settings import settings_for

ROOT = Path(__file__).parents[2]
HOSPITAL = Hospital(slots_ahead_days=14)
Sessions = sessionmaker[Session]


class Clockwork(Event):
    """A stop that comes after so many waits. It does not wait, but remembers how long it was told to."""

    def __init__(self, waits: int) -> None:
        super().__init__()
        self.waited: list[float] = []
        self._left = waits

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is None:
            return super().wait()
        self.waited.append(timeout)
        self._left -= 1
        if self._left == 0:
            self.set()
        return self.is_set()


@pytest.fixture(autouse=True)
def empty_afterwards(database: Session) -> None:
    """The worker keeps its failures in the database."""


def pauses(app: Flask, work: Callable[..., bool], waits: int) -> list[float]:
    stop = Clockwork(waits)
    Worker(app, [Job("a job", timedelta(seconds=5), work)], stop).run()
    return stop.waited


def test_a_job_that_fails_is_tried_after_growing_pauses(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def work(*_: Any) -> bool:
        raise LookupError("Amina Okafor")

    assert pauses(app, work, 8) == [1, 2, 4, 8, 16, 32, 60, 60]
    assert "a job: LookupError at" in caplog.text
    assert "Amina" not in caplog.text
    assert measured_in(caplog, JOB_FAILED) == [{"JobsFailed": 1, "Job": "a job"}] * 8


def test_a_job_that_went_well_again_starts_with_short_pauses(app: Flask) -> None:
    outcomes = iter([False, True, True, False, False, True])

    def work(*_: Any) -> bool:
        if not next(outcomes, True):
            raise LookupError
        return False

    assert pauses(app, work, 7) == [1, 5, 5, 1, 2, 5, 5]


def test_a_job_with_more_to_do_is_not_kept_waiting(app: Flask) -> None:
    left = iter([True, True, False])
    turns: list[Hospital] = []

    def work(contexts: Contexts) -> bool:
        assert contexts.by is SYSTEM
        assert abs(contexts.now - datetime.now(UTC)) < timedelta(minutes=1)
        turns.append(contexts.hospital)
        return next(left)

    assert pauses(app, work, 1) == [5]
    assert turns == [app.extensions["settings"].hospital] * 3


def test_one_job_does_not_hold_up_another(app: Flask) -> None:
    stop, other_ran = Event(), Event()

    def slow(*_: Any) -> bool:
        other_ran.wait(10)
        stop.set()
        return False

    def quick(*_: Any) -> bool:
        other_ran.set()
        return False

    jobs = [Job("slow", timedelta(hours=1), slow), Job("quick", timedelta(hours=1), quick)]
    Worker(app, jobs, stop).run()

    assert other_ran.is_set()


def jobs_of_the_document() -> dict[str, timedelta]:
    """The table in docs/notices.md: each job's name, and how often it is done."""
    text = (ROOT / "docs/notices.md").read_text().partition("\n## The worker\n")[2]
    units = {"s": "seconds", "min": "minutes", "h": "hours"}
    return {
        name: timedelta(**{units[unit]: int(number)})
        for names, number, unit in re.findall(r"^\| ([a-z ,]+) \| (\d+) (\w+) \|", text, re.M)
        for name in names.split(", ")
    }


def test_docs_notices_lists_the_jobs(app: Flask) -> None:
    jobs = jobs_of(settings_for("sqlite://"), app.extensions["shared_files"])

    assert {job.name: job.every for job in jobs} == jobs_of_the_document()


def test_expired_rows_are_removed(
    database: Session, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, second = an_account(database), timedelta(seconds=1)
    for name, age in (("old", second), ("kept", -second)):
        ends = NOW - sweep.KEEP_SESSIONS - age
        facts = {"created_at": ends, "last_seen_at": ends, "idle_seconds": 60}
        database.add_all(
            [
                SignInSession(token_hash=name, account_id=account.id, expires_at=ends, **facts),
                Submission(key=name, location="/", created_at=NOW - sweep.KEEP_SUBMISSIONS - age),
                RateLimit(key_hash=name, attempts=1, started_at=NOW - sweep.KEEP_RATE_LIMITS - age),
            ]
        )
    database.commit()

    assert not sweep.sweep(contexts_for(sessions, NOW, HOSPITAL))

    for column in (SignInSession.token_hash, Submission.key, RateLimit.key_hash):
        assert database.scalars(select(column)).all() == ["kept"]


def test_removing_goes_on_in_batches(
    database: Session, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "AT_ONCE", 2)
    old = NOW - timedelta(days=365)
    for number in range(5):
        database.add(Submission(key=f"key {number}", location="/", created_at=old))
    database.commit()

    assert [sweep.sweep(contexts_for(sessions, NOW, HOSPITAL)) for _ in range(3)] == [
        True,
        True,
        False,
    ]
    assert database.scalars(select(Submission.key)).all() == []


def test_it_is_a_command_of_flask_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Flask] = []
    monkeypatch.setattr(commands, "run", started.append)

    outcome = app.test_cli_runner().invoke(args=["worker"])

    assert outcome.exit_code == 0, outcome.output
    assert started == [app]


def test_grace_is_shorter_than_what_systemd_gives() -> None:
    assert timedelta(seconds=90) > process.GRACE
