"""Sessions as rows: how long they last, what ends them, and whose they are."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access import Role
from portal.accounts import sessions as sign_in_sessions
from portal.context import Context
from portal.models import Account, SignInSession
from portal.settings.hospital import Hospital
from portal.signin.sessions import actions, queries
from portal.signin.sessions.actions import NewSession, resume
from portal.signin.sessions.rules import SignedIn
from tests.builders import NOW, an_account, context_for

HOSPITAL = Hospital()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def patient(session: Session) -> Account:
    return an_account(session, Role.PATIENT)


@pytest.fixture
def doctor(session: Session) -> Account:
    return an_account(session, Role.DOCTOR)


def begun(
    session: Session,
    account: Account,
    *,
    now: datetime = NOW,
    hospital: Hospital = HOSPITAL,
    **known: Any,
) -> SignedIn:
    context = context_for(session, account.actor(), now, hospital)
    return actions.begin(context, NewSession(**{"browser": "Firefox on Linux", **known}))


def of(user: SignedIn, session: Session, now: datetime = NOW) -> Context:
    """What the user's pages know."""
    return context_for(session, user.actor, now)


def test_the_token_itself_is_not_kept(session: Session, patient: Account) -> None:
    user = begun(session, patient)

    row = session.scalars(select(SignInSession)).one()
    assert row.token_hash == SignInSession.hash_of(user.token)
    assert user.token not in {row.token_hash, row.ref}
    assert len(user.token) == 43


def test_a_token_finds_its_user(session: Session, doctor: Account) -> None:
    user = begun(session, doctor)

    found = resume(session, user.token, NOW)

    assert found is not None
    assert (found.actor, found.ends_at) == (user.actor, NOW + 15 * MINUTE)
    assert found.actor.roles == {Role.DOCTOR}
    assert resume(session, "a guess", NOW) is None
    assert resume(session, SignInSession.hash_of(user.token), NOW) is None


@pytest.mark.parametrize(("role", "minutes"), [(Role.PATIENT, 30), (Role.RECEPTION, 15)])
def test_the_idle_limit_ends_a_session(session: Session, role: Role, minutes: int) -> None:
    user = begun(session, an_account(session, role))
    last = NOW + minutes * MINUTE

    assert resume(session, user.token, last - MOMENT, seen=False) is not None
    assert resume(session, user.token, last) is None


@pytest.mark.parametrize(("role", "hours"), [(Role.PATIENT, 8), (Role.ADMINISTRATOR, 12)])
def test_the_absolute_limit_ends_a_session(session: Session, role: Role, hours: int) -> None:
    user = begun(session, an_account(session, role))
    end = NOW + hours * HOUR
    now = NOW
    while now < end - 5 * MINUTE:
        now += 5 * MINUTE
        assert resume(session, user.token, now) is not None

    last = resume(session, user.token, end - MOMENT)
    assert last is not None
    assert last.ends_at == end
    assert actions.stay(of(user, session, end - MOMENT)) == end
    assert resume(session, user.token, end) is None


def test_somebody_who_is_staff_and_patient_has_the_stricter_limits(session: Session) -> None:
    user = begun(session, an_account(session, Role.PATIENT, Role.NURSE))

    assert user.ends_at == NOW + 15 * MINUTE


def test_limits_are_the_hospitals(session: Session, patient: Account) -> None:
    hospital = Hospital(patient_idle_minutes=90, patient_session_hours=1)

    assert begun(session, patient, hospital=hospital).ends_at == NOW + HOUR


def test_a_session_lasts_as_long_as_the_page_says(session: Session, patient: Account) -> None:
    """`last_seen_at` is written once a minute; the end that a page names allows for that."""
    user = begun(session, patient)
    for seconds in (1, 59, 60, 61, 100, 121, 500):
        asked = resume(session, user.token, NOW + timedelta(seconds=seconds))
        assert asked is not None
        assert resume(session, user.token, asked.ends_at - MOMENT, seen=False) is not None
        with session.begin_nested() as later:
            assert resume(session, user.token, asked.ends_at, seen=False) is None
            later.rollback()
        assert asked.ends_at > NOW + timedelta(seconds=seconds) + 29 * MINUTE - MOMENT


@pytest.mark.parametrize("after", [30 * MINUTE, 8 * HOUR])
def test_a_clock_that_is_put_back_revives_no_session_that_has_run_out(
    session: Session, patient: Account, after: timedelta
) -> None:
    user = begun(session, patient, hospital=Hospital(patient_idle_minutes=8 * 60))
    session.execute(update(SignInSession).values(idle_seconds=after.total_seconds()))

    assert resume(session, user.token, NOW + after) is None
    assert resume(session, user.token, NOW + MINUTE) is None


def test_a_quiet_request_does_not_count_as_activity(session: Session, patient: Account) -> None:
    user = begun(session, patient)
    for minutes in range(1, 30):
        asked = resume(session, user.token, NOW + minutes * MINUTE, seen=False)
        assert asked is not None
        assert asked.ends_at == NOW + 30 * MINUTE


def test_staying_restarts_the_idle_time(session: Session, patient: Account) -> None:
    user = begun(session, patient)
    later = NOW + 29 * MINUTE

    assert actions.stay(of(user, session, later)) == later + 30 * MINUTE
    assert resume(session, user.token, later + 29 * MINUTE) is not None


def test_a_disabled_account_is_out_at_once(session: Session, patient: Account) -> None:
    user = begun(session, patient)
    patient.disabled_at = NOW
    session.flush()

    assert resume(session, user.token, NOW) is None


def test_roles_are_those_of_the_account_now(session: Session, doctor: Account) -> None:
    user = begun(session, doctor)
    doctor.role_values = "nurse"
    session.flush()

    found = resume(session, user.token, NOW)
    assert found is not None
    assert found.actor.roles == {Role.NURSE}


def test_ending_one_ends_no_other(session: Session, patient: Account, doctor: Account) -> None:
    first, second = begun(session, patient, id_token="e.y.J"), begun(session, patient)
    ref = str(first.actor.session_ref)
    assert queries.id_token_of(of(first, session)) == "e.y.J"

    assert sign_in_sessions.end(session, doctor.id, NOW, ref=ref) == 0
    assert resume(session, first.token, NOW) is not None
    assert sign_in_sessions.end(session, patient.id, NOW, ref=ref) == 1
    assert sign_in_sessions.end(session, patient.id, NOW, ref=ref) == 0

    assert resume(session, first.token, NOW) is None
    assert resume(session, second.token, NOW) is not None
    assert queries.id_token_of(of(first, session)) is None


def test_ending_all_ends_nobody_elses(session: Session, patient: Account, doctor: Account) -> None:
    mine = [begun(session, patient) for _ in range(3)]
    other = begun(session, doctor)

    assert sign_in_sessions.end(session, patient.id, NOW) == 3

    assert [resume(session, user.token, NOW) for user in mine] == [None] * 3
    assert resume(session, other.token, NOW) is not None


def test_the_list_has_only_own_sessions(
    session: Session, patient: Account, doctor: Account
) -> None:
    begun(session, doctor)
    begun(session, patient, browser="idle too long", now=NOW - 31 * MINUTE)
    expired = begun(session, patient, browser="expired", now=NOW - 8 * HOUR)
    actions.stay(of(expired, session, NOW - MINUTE))
    ended = begun(session, patient, browser="ended")
    sign_in_sessions.end(session, patient.id, NOW, ref=ended.actor.session_ref)
    begun(session, patient, browser="Chrome on Windows", now=NOW - 9 * MINUTE)
    begun(session, patient, browser="Safari on an iPhone", now=NOW - MINUTE)

    found = queries.live(of(ended, session))

    assert [one.browser for one in found] == ["Safari on an iPhone", "Chrome on Windows"]
    assert found[1].created_at == found[1].last_seen_at == NOW - 9 * MINUTE


def test_an_id_token_that_is_too_long_is_not_kept(session: Session, patient: Account) -> None:
    user = begun(session, patient, id_token="x" * 4001)

    assert queries.id_token_of(of(user, session)) is None
