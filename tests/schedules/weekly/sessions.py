"""Adds, changes and ends weekly sessions of the clinic."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from portal.schedules.slots.taking_out import Effect
from portal.schedules.weekly.actions import add_schedules, change_schedule, end_schedule
from portal.schedules.weekly.placing import SessionFacts
from portal.vocabulary import Mode, SlotStatus
from tests.builders import seen_now
from tests.builders.tuesdays import NEXT_TUESDAY, Clinic

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE


WEDNESDAY = datetime(2026, 3, 4, tzinfo=UTC)


IN_TWO_WEEKS = NEXT_TUESDAY + timedelta(days=7)


def facts(clinic: Clinic, **changes: object) -> SessionFacts:
    """An afternoon session that fits; `changes` replaces parts of it."""
    afternoon = SessionFacts(
        location_ref=clinic.location.ref,
        starts=time(13),
        ends=time(15),
        slot_minutes=30,
        mode=Mode.VIDEO,
        valid_from=date(2026, 3, 3),
        valid_to=None,
    )
    return replace(afternoon, **changes)  # type: ignore[arg-type]


def add(clinic: Clinic, weekdays: Iterable[int] = (2,), **changes: object) -> int:
    return add_schedules(
        clinic.context(),
        practitioner_ref=clinic.practitioner.ref,
        weekdays=weekdays,
        facts=facts(clinic, **changes),
    )


def change(clinic: Clinic, confirmed: str | None = None, **changes: object) -> Effect:
    """Changes the session of Tuesday mornings; everything else stays."""
    morning = {
        "starts": time(9),
        "ends": time(12),
        "slot_minutes": 20,
        "mode": Mode.IN_PERSON,
        "valid_from": NEXT_TUESDAY.date(),
    }
    return change_schedule(
        clinic.context(),
        schedule=seen_now(clinic.schedule),
        facts=facts(clinic, **{**morning, **changes}),
        confirmed=confirmed,
    )


def end(clinic: Clinic, last_day: date, confirmed: str | None = None) -> Effect:
    return end_schedule(
        clinic.context(),
        schedule=seen_now(clinic.schedule),
        last_day=last_day,
        confirmed=confirmed,
    )
