"""Which steps are possible for an appointment on its day."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.appointments.attendance import rules
from portal.appointments.attendance.rules import STEP_DEEDS, TRANSITIONS, Standing, steps_from
from portal.errors import Refused
from portal.settings.hospital import Hospital
from portal.vocabulary import Mode, Phase, Step
from tests.builders import NOW

HOSPITAL = Hospital()
UNDOING = {Step.UNDO_CHECK_IN: Step.CHECK_IN, Step.UNDO_NOSHOW: Step.MARK_NOSHOW}


def booked(starts_at: datetime) -> Standing:
    return Standing(Phase.BOOKED, Mode.IN_PERSON, starts_at)


@given(
    choices=st.lists(st.integers(min_value=0)), mode=st.sampled_from(Mode), has_begun=st.booleans()
)
def test_any_steps_in_a_row_pass_the_phases_in_order(
    choices: list[int], mode: Mode, has_begun: bool
) -> None:
    phase, taken = Phase.BOOKED, [Phase.BOOKED]
    for choice in choices:
        steps = steps_from(phase, mode, has_begun=has_begun)
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


@given(phase=st.sampled_from(Phase), mode=st.sampled_from(Mode), has_begun=st.booleans())
def test_a_step_begins_where_the_table_says(phase: Phase, mode: Mode, has_begun: bool) -> None:
    for step in steps_from(phase, mode, has_begun=has_begun):
        assert phase in TRANSITIONS[step].sources or (
            mode is not Mode.IN_PERSON and step is Step.START and phase is Phase.BOOKED
        )


@pytest.mark.parametrize(("undo", "step"), UNDOING.items())
def test_an_undo_leads_back_to_the_phase_before(undo: Step, step: Step) -> None:
    assert TRANSITIONS[undo].sources == {TRANSITIONS[step].target}
    assert {TRANSITIONS[undo].target} == TRANSITIONS[step].sources


def test_only_a_call_starts_without_checking_in() -> None:
    assert steps_from(Phase.BOOKED, Mode.IN_PERSON, has_begun=False) == (Step.CHECK_IN,)
    for mode in (Mode.PHONE, Mode.VIDEO):
        assert steps_from(Phase.BOOKED, mode, has_begun=False) == (Step.START,)


@pytest.mark.parametrize("phase", [Phase.FULFILLED, Phase.CANCELLED])
def test_a_finished_or_cancelled_appointment_has_no_steps(phase: Phase) -> None:
    assert steps_from(phase, Mode.IN_PERSON, has_begun=True) == ()


def test_each_step_is_open_to_some_role() -> None:
    assert set(STEP_DEEDS) == set(Step) == set(TRANSITIONS)
    for deed in STEP_DEEDS.values():
        assert deed.who


@pytest.mark.parametrize("days", [-1, 1])
def test_steps_are_taken_on_the_day(days: int) -> None:
    with pytest.raises(Refused, match="on the day"):
        rules.require_open(Step.CHECK_IN, booked(NOW + timedelta(days=days)), HOSPITAL, NOW)


def test_the_day_begins_at_midnight_in_the_hospital() -> None:
    """In summer the hospital's Wednesday begins an hour before that of UTC."""
    early = datetime(2026, 7, 1, 0, 10, tzinfo=UTC)
    evening_before = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    rules.require_open(Step.CHECK_IN, booked(early), HOSPITAL, evening_before)
