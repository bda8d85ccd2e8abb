"""Sessions as rows: how long they live, what ends them, whose they are."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import sign_in_sessions
from portal.access import Role
from portal.hospital import Hospital
from portal.models import Account, SignInSession
from portal.signin import own_sessions, sessions
from portal.signin.sessions import SignedIn
from tests.hospital import NOW, an_account

HOSPITAL = Hospital()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def patient(session: Session) -> Account:
    return an_account(session, Role.PATIENT)


@pytest.fixture
def doctor(session: Session) -> Account:
    return an_account(session, Role.DOCTOR)


def begun(session: Session, account: Account, **facts: object) -> SignedIn:
    told = {"browser": "Firefox on Linux", "hospital": HOSPITAL, "now": NOW, **facts}
    return sessions.begin(session, account, **told)  # type: ignore[arg-type]


def test_the_token_itself_is_not_kept(session: Session, patient: Account) -> None:
    user = begun(session, patient)

    row = session.scalars(select(SignInSession)).one()
    assert row.token_hash == SignInSession.hash_of(user.id)
    assert user.id not in {row.token_hash, row.ref}
    assert len(user.id) == 43


def test_who_holds_the_token(session: Session, doctor: Account) -> None:
    user = begun(session, doctor)

    found = sessions.resume(session, user.id, NOW)

    assert found is not None
    assert (found.actor, found.ends_at) == (user.actor, NOW + 15 * MINUTE)
    assert found.actor.roles == {Role.DOCTOR}
    assert sessions.resume(session, "a guess", NOW) is None
    assert sessions.resume(session, SignInSession.hash_of(user.id), NOW) is None


@pytest.mark.parametrize(("role", "minutes"), [(Role.PATIENT, 30), (Role.RECEPTION, 15)])
def test_the_idle_limit(session: Session, role: Role, minutes: int) -> None:
    user = begun(session, an_account(session, role))
    last = NOW + minutes * MINUTE

    assert sessions.resume(session, user.id, last - MOMENT, seen=False) is not None
    assert sessions.resume(session, user.id, last) is None


@pytest.mark.parametrize(("role", "hours"), [(Role.PATIENT, 8), (Role.ADMINISTRATOR, 12)])
def test_the_absolute_limit(session: Session, role: Role, hours: int) -> None:
    user = begun(session, an_account(session, role))
    end = NOW + hours * HOUR
    now = NOW
    while now < end - 5 * MINUTE:
        now += 5 * MINUTE
        assert sessions.resume(session, user.id, now) is not None

    last = sessions.resume(session, user.id, end - MOMENT)
    assert last is not None
    assert last.ends_at == end
    assert sessions.stay(session, str(user.actor.session_ref), end - MOMENT) == end
    assert sessions.resume(session, user.id, end) is None


def test_the_stricter_limits_hold_for_who_is_both(session: Session) -> None:
    user = begun(session, an_account(session, Role.PATIENT, Role.NURSE))

    assert user.ends_at == NOW + 15 * MINUTE


def test_limits_are_the_hospitals(session: Session, patient: Account) -> None:
    hospital = Hospital(patient_idle_minutes=90, patient_session_hours=1)

    assert begun(session, patient, hospital=hospital).ends_at == NOW + HOUR


def test_what_is_promised_is_kept(session: Session, patient: Account) -> None:
    """`last_seen_at` is written once a minute; the end that a page names allows for that."""
    user = begun(session, patient)
    for seconds in (1, 59, 60, 61, 100, 121, 500):
        asked = sessions.resume(session, user.id, NOW + timedelta(seconds=seconds))
        assert asked is not None
        assert sessions.resume(session, user.id, asked.ends_at - MOMENT, seen=False) is not None
        assert sessions.resume(session, user.id, asked.ends_at, seen=False) is None
        assert asked.ends_at > NOW + timedelta(seconds=seconds) + 29 * MINUTE - MOMENT


def test_asking_quietly_is_no_sign_of_life(session: Session, patient: Account) -> None:
    user = begun(session, patient)
    for minutes in range(1, 30):
        asked = sessions.resume(session, user.id, NOW + minutes * MINUTE, seen=False)
        assert asked is not None
        assert asked.ends_at == NOW + 30 * MINUTE


def test_staying_starts_the_idle_time_anew(session: Session, patient: Account) -> None:
    user = begun(session, patient)
    later = NOW + 29 * MINUTE

    assert sessions.stay(session, str(user.actor.session_ref), later) == later + 30 * MINUTE
    assert sessions.resume(session, user.id, later + 29 * MINUTE) is not None


def test_a_disabled_account_is_out_at_once(session: Session, patient: Account) -> None:
    user = begun(session, patient)
    patient.disabled_at = NOW
    session.flush()

    assert sessions.resume(session, user.id, NOW) is None


def test_roles_are_those_of_the_account_now(session: Session, doctor: Account) -> None:
    user = begun(session, doctor)
    doctor.role_values = "nurse"
    session.flush()

    found = sessions.resume(session, user.id, NOW)
    assert found is not None
    assert found.actor.roles == {Role.NURSE}


def test_ending_one_ends_no_other(session: Session, patient: Account, doctor: Account) -> None:
    first, second = begun(session, patient, id_token="e.y.J"), begun(session, patient)
    ref = str(first.actor.session_ref)
    assert own_sessions.id_token_of(session, ref) == "e.y.J"

    assert sign_in_sessions.end(session, doctor.id, NOW, ref=ref) == 0
    assert sessions.resume(session, first.id, NOW) is not None
    assert sign_in_sessions.end(session, patient.id, NOW, ref=ref) == 1
    assert sign_in_sessions.end(session, patient.id, NOW, ref=ref) == 0

    assert sessions.resume(session, first.id, NOW) is None
    assert sessions.resume(session, second.id, NOW) is not None
    assert own_sessions.id_token_of(session, ref) is None


def test_ending_all_ends_nobody_elses(session: Session, patient: Account, doctor: Account) -> None:
    mine = [begun(session, patient) for _ in range(3)]
    other = begun(session, doctor)

    assert sign_in_sessions.end(session, patient.id, NOW) == 3

    assert [sessions.resume(session, user.id, NOW) for user in mine] == [None] * 3
    assert sessions.resume(session, other.id, NOW) is not None


def test_the_list_of_own_sessions(session: Session, patient: Account, doctor: Account) -> None:
    begun(session, doctor)
    begun(session, patient, browser="idle too long", now=NOW - 31 * MINUTE)
    expired = begun(session, patient, browser="expired", now=NOW - 8 * HOUR)
    sessions.stay(session, str(expired.actor.session_ref), NOW - MINUTE)
    ended = begun(session, patient, browser="ended")
    sign_in_sessions.end(session, patient.id, NOW, ref=ended.actor.session_ref)
    begun(session, patient, browser="Chrome on Windows", now=NOW - 9 * MINUTE)
    begun(session, patient, browser="Safari on an iPhone", now=NOW - MINUTE)

    found = own_sessions.live(session, patient.id, NOW)

    assert [one.browser for one in found] == ["Safari on an iPhone", "Chrome on Windows"]
    assert found[1].began_at == found[1].last_seen_at == NOW - 9 * MINUTE


def test_an_id_token_that_is_too_long_is_not_kept(session: Session, patient: Account) -> None:
    user = begun(session, patient, id_token="x" * 4001)

    assert own_sessions.id_token_of(session, str(user.actor.session_ref)) is None
