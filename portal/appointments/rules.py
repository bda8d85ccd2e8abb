"""What the hospital allows with appointments. Pure: `now` and the hospital's figures are arguments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache

from portal.access import CLINICIANS, STAFF, Actor, Deed
from portal.errors import Refused
from portal.hospital import Hospital

UNLIMITED = 1_000_000


class Phase(Enum):
    """Where an appointment stands on its day. "In consultation" is FHIR's `arrived` with an
    Encounter in progress; the others are the statuses of the same name."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    IN_CONSULTATION = "in consultation"
    FULFILLED = "fulfilled"
    NOSHOW = "noshow"
    CANCELLED = "cancelled"


class Step(Enum):
    """What staff do with an appointment on its day; the value is its part of the address."""

    CHECK_IN = "check-in"
    UNDO_CHECK_IN = "undo-check-in"
    START = "start"
    FINISH = "finish"
    MARK_NOSHOW = "no-show"
    UNDO_NOSHOW = "undo-no-show"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which phases a step leads to which."""

    sources: frozenset[Phase]
    target: Phase


NOT_NOW = "The appointment has changed since you opened the list. Look at the list again."

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


@cache
def steps_from(phase: Phase, *, remote: bool, has_begun: bool) -> tuple[Step, ...]:
    """The steps that are open to an appointment on its own day, the likeliest first.

    A patient on the phone or on video (`remote`) reports to no desk, so the consultation may start
    from `BOOKED`; nobody has missed an appointment that has not begun.
    """
    steps = [step for step, transition in TRANSITIONS.items() if phase in transition.sources]
    if remote and phase is Phase.BOOKED:
        steps = [Step.START, *(step for step in steps if step is not Step.CHECK_IN)]
    return tuple(step for step in steps if has_begun or step is not Step.MARK_NOSHOW)


def require_open(
    step: Step,
    phase: Phase,
    *,
    remote: bool,
    starts_at: datetime,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Raises `Refused` when the appointment is not where the step begins, or not today."""
    if hospital.today(now) != hospital.today(starts_at):
        raise Refused("This can only be done on the day of the appointment.")
    if step not in steps_from(phase, remote=remote, has_begun=now >= starts_at):
        raise Refused(NOT_NOW)


def is_self_service(by: Actor) -> bool:
    """Whether somebody books as a patient or for one, and not as the hospital's staff."""
    return not by.is_any_of(STAFF)


def may_read_reason(by: Actor, *, acts_for_patient: bool) -> bool:
    """Why a patient comes is clinical: reception does not see it."""
    return acts_for_patient or by.is_any_of(CLINICIANS)


def earliest_start(by: Actor, hospital: Hospital, now: datetime) -> datetime:
    """The first instant at which a slot may start that `by` takes now."""
    notice = hospital.booking_notice_minutes if is_self_service(by) else 0
    return now + timedelta(minutes=notice)


def most_ahead(by: Actor, hospital: Hospital) -> int:
    """How many future appointments the patient may have once `by` has booked this one."""
    return hospital.appointments_ahead if is_self_service(by) else UNLIMITED


def hold_until(hospital: Hospital, now: datetime) -> datetime:
    return now + timedelta(minutes=hospital.hold_minutes)


def require_alive(deceased_on: date | None) -> None:
    if deceased_on is not None:
        raise Refused("This person has died, so no appointment can be booked.")


def require_not_begun(starts_at: datetime, now: datetime) -> None:
    """Moving is for appointments that are still ahead."""
    if starts_at <= now:
        raise Refused("This appointment has begun already, so it can't be moved. Book a new one.")


def may_cancel(by: Actor, starts_at: datetime, now: datetime) -> bool:
    """No booking rule is asked: only that a patient cancels before the time, not after it."""
    return starts_at > now or not is_self_service(by)


def require_cancellable(by: Actor, starts_at: datetime, now: datetime) -> None:
    if not may_cancel(by, starts_at, now):
        raise Refused("This appointment has begun already, so it can't be cancelled.")
