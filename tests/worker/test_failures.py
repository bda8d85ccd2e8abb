"""A job that fails again and again is kept for the administrator's page until it succeeds."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from portal.models import JobFailure
from portal.worker.failures import Failures
from tests.builders import NOW
from tests.worker.test_jobs import pauses

Sessions = sessionmaker[Session]


def kept(database: Session) -> list[JobFailure]:
    database.rollback()
    database.expire_all()
    return list(database.scalars(select(JobFailure)))


def test_failures_in_a_row_are_one_row(database: Session, sessions: Sessions) -> None:
    failures = Failures(sessions, "make slots")
    failures.add("LookupError at one.py:1", NOW)
    failures.add("KeyError at two.py:2", NOW + timedelta(minutes=1))

    (row,) = kept(database)
    assert (row.job, row.failures, row.fault) == ("make slots", 2, "KeyError at two.py:2")
    assert (row.failing_since, row.last_failed_at) == (NOW, NOW + timedelta(minutes=1))


def test_another_job_has_its_own(database: Session, sessions: Sessions) -> None:
    Failures(sessions, "make slots").add("a fault", NOW)
    other = Failures(sessions, "send notices")
    other.add("a fault", NOW)
    other.clear()

    assert [row.job for row in kept(database)] == ["make slots"]


def test_success_removes_the_failures_of_an_earlier_process(
    database: Session, sessions: Sessions
) -> None:
    Failures(sessions, "make slots").add("a fault", NOW)
    Failures(sessions, "make slots").clear()

    assert kept(database) == []


def test_a_job_that_succeeds_asks_the_database_nothing(
    database: Session, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = Failures(sessions, "make slots")
    failures.clear()
    monkeypatch.setattr(failures, "_sessions", None)

    failures.clear()


def test_a_database_that_is_away_stops_no_worker(caplog: pytest.LogCaptureFixture) -> None:
    class Away:
        def begin(self) -> Iterator[Session]:
            raise OperationalError("", None, Exception("gone"))

    failures = Failures(Away(), "make slots")  # type: ignore[arg-type]
    failures.add("a fault", NOW)
    failures.clear()

    assert "the failure could not be kept: OperationalError" in caplog.text


def test_the_worker_saves_and_removes_failures(app: Flask, database: Session) -> None:
    outcomes = iter([False, False, True])
    seen: list[int] = []

    def work(*_: Any) -> bool:
        seen.append(sum(row.failures for row in kept(database)))
        if not next(outcomes, True):
            raise LookupError("Amina Okafor")
        return False

    pauses(app, work, 4)

    assert seen == [0, 1, 2, 0]
