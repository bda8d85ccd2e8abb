"""Which steps an appointment can take on its day, and who may take them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from portal.access import Deed
from portal.errors import ChangedMeanwhile, Refused
from portal.settings.hospital import Hospital
from portal.vocabulary import Mode, Phase, Step

NOT_TODAY = "This can only be done on the day of the appointment."


@dataclass(frozen=True, slots=True)
class Transition:
    """The phases in which a step is allowed, and the phase that it leads to."""

    sources: frozenset[Phase]
    target: Phase


TRANSITIONS: dict[Step, Transition] = {
    Step.CHECK_IN: Transition(frozenset({Phase.BOOKED}), Phase.ARRIVED),
    Step.START: Transition(frozenset({Phase.ARRIVED}), Phase.IN_CONSULTATION),
    Step.UNDO_CHECK_IN: Transition(frozenset({Phase.ARRIVED}), Phase.BOOKED),
    Step.FINISH: Transition(frozenset({Phase.IN_CONSULTATION}), Phase.FULFILLED),
    Step.MARK_NOSHOW: Transition(frozenset({Phase.BOOKED}), Phase.NOSHOW),
    Step.UNDO_NOSHOW: Transition(frozenset({Phase.NOSHOW}), Phase.BOOKED),
}

STEP_DEEDS: dict[Step, Deed] = {
    Step.CHECK_IN: Deed.CHECK_IN,
    Step.UNDO_CHECK_IN: Deed.CHECK_IN,
    Step.START: Deed.CONSULT,
    Step.FINISH: Deed.CONSULT,
    Step.MARK_NOSHOW: Deed.MARK_NOSHOW,
    Step.UNDO_NOSHOW: Deed.MARK_NOSHOW,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts that decide which steps an appointment can take."""

    phase: Phase
    mode: Mode
    starts_at: datetime

    def steps(self, now: datetime) -> tuple[Step, ...]:
        return steps_from(self.phase, self.mode, has_begun=now >= self.starts_at)


@cache
def steps_from(phase: Phase, mode: Mode, *, has_begun: bool) -> tuple[Step, ...]:
    """The steps that are possible on the appointment's day, the most likely first.

    Phone and video patients do not check in, so their consultation may start from `BOOKED`. An appointment
    can be marked as missed only after its start.
    """
    steps = [step for step, transition in TRANSITIONS.items() if phase in transition.sources]
    if mode is not Mode.IN_PERSON and phase is Phase.BOOKED:
        steps = [Step.START, *(step for step in steps if step is not Step.CHECK_IN)]
    return tuple(step for step in steps if has_begun or step is not Step.MARK_NOSHOW)


def require_open(step: Step, standing: Standing, hospital: Hospital, now: datetime) -> None:
    """Raises `Refused` on another day, `ChangedMeanwhile` when the phase does not allow the step."""
    if hospital.today(now) != hospital.today(standing.starts_at):
        raise Refused(NOT_TODAY)
    if step not in standing.steps(now):
        raise ChangedMeanwhile
