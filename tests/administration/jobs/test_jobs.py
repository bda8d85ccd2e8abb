"""The administrator sees which background jobs keep failing, and whether a worker runs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, JobFailure, WorkerBeat
from tests.builders import an_account

JOBS, STAFF = "/administration/jobs", "/administration/staff"


@pytest.fixture
def administrator(database: Session, sign_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return sign_in(an_account(database, Role.ADMINISTRATOR))


def fails(database: Session, *, failures: int = 3, ago: timedelta = timedelta(minutes=1)) -> None:
    now = datetime.now(UTC)
    database.add(
        JobFailure(
            worker="ip-10-0-1-7",
            job="make slots",
            failing_since=now - timedelta(hours=2),
            last_failed_at=now - ago,
            failures=failures,
            fault="LookupError at slots.py:41",
        )
    )
    database.commit()


def lives(database: Session, *, ago: timedelta = timedelta(seconds=20)) -> None:
    database.add(WorkerBeat(worker="ip-10-0-1-7", seen_at=datetime.now(UTC) - ago))
    database.commit()


def test_a_job_that_keeps_failing_is_shown(database: Session, administrator: FlaskClient) -> None:
    lives(database)
    fails(database)

    page = administrator.get(JOBS).text

    assert "Make slots" in page
    assert "LookupError at slots.py:41" in page
    assert "No worker is running" not in page
    assert 'href="/administration/jobs"' in administrator.get(STAFF).text.partition("<main")[2]


@pytest.mark.parametrize(
    "options", [{"failures": 2}, {"ago": timedelta(hours=2)}], ids=["twice", "long ago"]
)
def test_a_job_that_succeeded_again_is_not_shown(
    database: Session, administrator: FlaskClient, options: dict[str, object]
) -> None:
    lives(database)
    fails(database, **options)  # type: ignore[arg-type]

    assert "No job is failing." in administrator.get(JOBS).text
    assert "keep failing" not in administrator.get(STAFF).text


def test_a_worker_that_stopped_is_shown(database: Session, administrator: FlaskClient) -> None:
    assert "None has ever reported" in administrator.get(JOBS).text
    lives(database, ago=timedelta(minutes=10))
    page = administrator.get(JOBS).text

    assert "No worker is running" in page
    assert "It last reported on" in page
    assert "No job is failing." not in page


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.RECEPTION, Role.PATIENT])
def test_nobody_else_sees_them(
    database: Session, sign_in: Callable[[Account], FlaskClient], role: Role
) -> None:
    assert sign_in(an_account(database, role)).get(JOBS).status_code == 403
