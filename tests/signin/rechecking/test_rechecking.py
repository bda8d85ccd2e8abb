"""Staff who are signed in are checked again at the provider, every quarter of an hour."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.models import Account
from portal.signin.rechecking.tokens import opened
from tests.builders import audited
from tests.signin.portal_flow import Visit, live_sessions
from tests.signin.rechecking.rechecks import (
    DOCTOR,
    MINUTE,
    Worker,
    ended_because,
    is_in,
    the_session,
)
from tests.signin.standard_provider import StandardProvider

CHECKED = "check staff at the provider"


def test_whoever_is_still_there_stays(doctor: Visit, worker: Worker, database: Session) -> None:
    worker.check(after=16 * MINUTE)

    after = the_session(database).recheck_at
    assert after is not None
    assert after - datetime.now(UTC) > 14 * MINUTE
    assert is_in(doctor)
    assert audited(database, CHECKED) == []


def test_nobody_is_checked_before_their_time(
    doctor: Visit, worker: Worker, standard: StandardProvider
) -> None:
    standard.asked.clear()

    worker.check(after=14 * MINUTE)

    assert standard.asked == []
    assert is_in(doctor)


def test_a_group_that_is_gone_ends_the_session(
    doctor: Visit, worker: Worker, standard: StandardProvider, database: Session
) -> None:
    standard.claims = {}

    worker.check(after=16 * MINUTE)

    assert not is_in(doctor)
    assert database.scalars(select(Account.role_values)).one() == "patient"
    (entry,) = audited(database, CHECKED)
    assert ended_because(entry) == "other roles"


def test_an_account_that_is_switched_off_at_the_provider_ends_its_session(
    doctor: Visit, worker: Worker, standard: StandardProvider, database: Session
) -> None:
    standard.refresh_tokens.clear()

    worker.check(after=16 * MINUTE)

    assert not is_in(doctor)
    ended = the_session(database)
    assert (ended.refresh_token, ended.recheck_at) == (None, None)
    (entry,) = audited(database, CHECKED)
    assert entry.detail == {"session": ended.ref, "ended": "not known any more"}


def test_a_provider_that_is_away_signs_nobody_out(
    doctor: Visit, worker: Worker, standard: StandardProvider, database: Session
) -> None:
    standard.away = True

    worker.check(after=16 * MINUTE)

    assert is_in(doctor)
    due_at = the_session(database).recheck_at
    assert due_at is not None
    assert due_at < datetime.now(UTC)

    standard.away, standard.claims = False, {}
    worker.check(after=MINUTE)
    assert not is_in(doctor)


def test_an_answer_that_cannot_be_trusted_signs_nobody_out(
    doctor: Visit,
    worker: Worker,
    standard: StandardProvider,
    caplog: pytest.LogCaptureFixture,
) -> None:
    standard.forge = lambda provider, claims: provider.sign({**claims, "aud": "another"})

    worker.check(after=16 * MINUTE)

    assert is_in(doctor)
    assert "staff could not be checked again: ID token: invalid_claim aud" in caplog.text


def test_an_answer_about_somebody_else_ends_the_session(
    doctor: Visit, worker: Worker, standard: StandardProvider, database: Session
) -> None:
    standard.claims = {**DOCTOR, "sub": "subject-2"}

    worker.check(after=16 * MINUTE)

    assert not is_in(doctor)
    assert ended_because(audited(database, CHECKED)[0]) == "somebody else"


def test_an_account_that_was_disabled_here_in_the_meantime(
    doctor: Visit, worker: Worker, database: Session
) -> None:
    database.execute(update(Account).values(disabled_at=datetime.now(UTC)))
    database.commit()

    worker.check(after=16 * MINUTE)

    assert the_session(database).ended_at is not None


def test_a_new_refresh_token_takes_the_place_of_the_used_one(
    doctor: Visit, worker: Worker, standard: StandardProvider, database: Session
) -> None:
    standard.rotates = True

    worker.check(after=16 * MINUTE)
    worker.check(after=16 * MINUTE)

    assert is_in(doctor)
    stored = the_session(database).refresh_token
    assert stored is not None
    assert opened(stored, worker.settings.secrets) in standard.refresh_tokens


def test_two_workers_check_each_session_once(
    doctor: Visit, worker: Worker, standard: StandardProvider
) -> None:
    standard.asked.clear()

    worker.check(after=16 * MINUTE)
    worker.check(after=0 * MINUTE)

    assert standard.asked.count("/token") == 1


def test_a_session_that_ended_by_itself_is_not_checked(
    visit: Visit, worker: Worker, standard: StandardProvider, database: Session
) -> None:
    standard.claims = DOCTOR
    visit.sign_in()
    standard.asked.clear()

    worker.check(after=16 * MINUTE)

    assert standard.asked == []
    assert the_session(database).recheck_at is None


def test_patients_are_not_checked(
    visit: Visit, worker: Worker, standard: StandardProvider, database: Session
) -> None:
    visit.sign_in()
    standard.refresh_tokens.clear()

    worker.check(after=16 * MINUTE)

    row = the_session(database)
    assert (row.recheck_at, row.refresh_token) == (None, None)
    assert live_sessions(database) == 1
