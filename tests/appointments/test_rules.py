"""The rules themselves, without a database."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.access import TABLE, Actor, Role
from portal.appointments import rules
from portal.appointments.rules import STEP_DEEDS, TRANSITIONS, Phase, Step, steps_from
from portal.errors import Refused
from portal.hospital import Hospital
from tests.hospital import NOW

HOSPITAL = Hospital(booking_notice_minutes=60, appointments_ahead=10)
HOUR = timedelta(hours=1)
UNDOING = {Step.UNDO_CHECK_IN: Step.CHECK_IN, Step.UNDO_NOSHOW: Step.MARK_NOSHOW}


def an_actor(*roles: Role) -> Actor:
    return Actor(account_id=1, ref="1" * 20, name="Somebody", roles=frozenset(roles))


@given(choices=st.lists(st.integers(min_value=0)), remote=st.booleans(), has_begun=st.booleans())
def test_no_way_leads_out_of_the_table(choices: list[int], remote: bool, has_begun: bool) -> None:
    phase, taken = Phase.BOOKED, [Phase.BOOKED]
    for choice in choices:
        steps = steps_from(phase, remote=remote, has_begun=has_begun)
        if not steps:
            break
        phase = TRANSITIONS[steps[choice % len(steps)]].target
        taken.append(phase)

    assert Phase.CANCELLED not in taken
    assert Phase.FULFILLED not in taken[:-1], "what is finished stays finished"
    for before, after in pairwise(taken):
        if after is Phase.FULFILLED:
            assert before is Phase.IN_CONSULTATION
        if before is Phase.IN_CONSULTATION:
            assert after is Phase.FULFILLED
    if not has_begun:
        assert Phase.NOSHOW not in taken


@given(phase=st.sampled_from(Phase), remote=st.booleans(), has_begun=st.booleans())
def test_a_step_begins_where_the_table_says(phase: Phase, remote: bool, has_begun: bool) -> None:
    for step in steps_from(phase, remote=remote, has_begun=has_begun):
        assert phase in TRANSITIONS[step].sources or (
            remote and step is Step.START and phase is Phase.BOOKED
        )


@pytest.mark.parametrize(("undo", "step"), UNDOING.items())
def test_an_undo_leads_back(undo: Step, step: Step) -> None:
    assert TRANSITIONS[undo].sources == {TRANSITIONS[step].target}
    assert {TRANSITIONS[undo].target} == TRANSITIONS[step].sources


def test_only_a_call_starts_without_checking_in() -> None:
    assert steps_from(Phase.BOOKED, remote=False, has_begun=False) == (Step.CHECK_IN,)
    assert steps_from(Phase.BOOKED, remote=True, has_begun=False) == (Step.START,)


@pytest.mark.parametrize("phase", [Phase.FULFILLED, Phase.CANCELLED])
def test_nothing_is_done_with_what_is_over(phase: Phase) -> None:
    assert steps_from(phase, remote=False, has_begun=True) == ()


def test_each_step_is_somebodys() -> None:
    assert set(STEP_DEEDS) == set(Step) == set(TRANSITIONS)
    for deed in STEP_DEEDS.values():
        assert TABLE[deed]


@pytest.mark.parametrize("days", [-1, 1])
def test_steps_are_taken_on_the_day(days: int) -> None:
    with pytest.raises(Refused, match="on the day"):
        rules.require_open(
            Step.CHECK_IN,
            Phase.BOOKED,
            remote=False,
            starts_at=NOW + timedelta(days=days),
            hospital=HOSPITAL,
            now=NOW,
        )


def test_the_day_is_the_hospitals_day() -> None:
    """In summer the hospital's Wednesday begins an hour before that of UTC."""
    early = datetime(2026, 7, 1, 0, 10, tzinfo=UTC)
    evening_before = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    rules.require_open(
        Step.CHECK_IN,
        Phase.BOOKED,
        remote=False,
        starts_at=early,
        hospital=HOSPITAL,
        now=evening_before,
    )


def test_patients_take_a_time_an_hour_ahead_and_staff_until_it_begins() -> None:
    assert rules.earliest_start(an_actor(Role.PATIENT), HOSPITAL, NOW) == NOW + HOUR
    for role in (Role.RECEPTION, Role.DOCTOR, Role.NURSE):
        assert rules.earliest_start(an_actor(role), HOSPITAL, NOW) == NOW
    both = an_actor(Role.PATIENT, Role.NURSE)
    assert rules.earliest_start(both, HOSPITAL, NOW) == NOW


def test_staff_may_book_beyond_the_patients_limit() -> None:
    assert rules.most_ahead(an_actor(Role.PATIENT), HOSPITAL) == 10
    assert rules.most_ahead(an_actor(Role.RECEPTION), HOSPITAL) == rules.UNLIMITED


@pytest.mark.parametrize(
    ("role", "acts_for_patient", "reads"),
    [
        (Role.PATIENT, True, True),
        (Role.DOCTOR, False, True),
        (Role.NURSE, False, True),
        (Role.RECEPTION, False, False),
        (Role.RECEPTION, True, True),
    ],
)
def test_reception_does_not_read_why_a_patient_comes(
    role: Role, acts_for_patient: bool, reads: bool
) -> None:
    by = an_actor(role)

    assert rules.may_read_reason(by, acts_for_patient=acts_for_patient) is reads


def test_the_dead_are_not_booked() -> None:
    rules.require_alive(None)
    with pytest.raises(Refused, match="died"):
        rules.require_alive(date(2026, 1, 1))


def test_a_patient_cancels_before_the_time_and_staff_also_after_it() -> None:
    past = NOW - HOUR

    rules.require_cancellable(an_actor(Role.PATIENT), NOW + timedelta(seconds=1), NOW)
    rules.require_cancellable(an_actor(Role.RECEPTION), past, NOW)
    with pytest.raises(Refused, match="begun"):
        rules.require_cancellable(an_actor(Role.PATIENT), past, NOW)
