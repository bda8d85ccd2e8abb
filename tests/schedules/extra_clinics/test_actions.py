"""Extra clinics: where and when they may be added, and what happens when they are ended."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from portal.access import Role
from portal.errors import Forbidden, Unfit
from portal.models import ScheduleException
from portal.schedules.absences.actions import AbsenceFacts, add_closures, add_leave
from portal.schedules.exceptions.actions import end_exception
from portal.schedules.extra_clinics.actions import ExtraFacts, add_extra
from portal.schedules.slots.actions import make_slots
from portal.schedules.slots.taking_out import Effect, to_rebook
from portal.vocabulary import Mode, SlotStatus
from tests.builders import NOW, a_location, a_slot, actor_of, an_account, seen_now
from tests.builders.tuesdays import Clinic

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE
SATURDAY = datetime(2026, 3, 7, tzinfo=UTC)


def add(clinic: Clinic, **changes: object) -> int:
    facts = ExtraFacts(
        location_ref=clinic.location.ref,
        day=SATURDAY.date(),
        starts=time(9),
        ends=time(10),
        slot_minutes=20,
        mode=Mode.IN_PERSON,
        reason="Waiting list",
    )
    return add_extra(
        clinic.context(),
        practitioner_ref=clinic.practitioner.ref,
        facts=replace(facts, **changes),  # type: ignore[arg-type]
    )


def end(clinic: Clinic, confirmed: str | None = None) -> Effect:
    found = clinic.session.scalars(select(ScheduleException)).one()
    return end_exception(
        clinic.context(),
        exception=seen_now(found),
        confirmed=confirmed,
    )


def test_an_extra_clinic_gives_its_slots_also_on_a_day_that_is_closed(clinic: Clinic) -> None:
    assert add(clinic) == 3
    assert clinic.statuses(SATURDAY) == [FREE] * 3


def test_the_slots_of_a_distant_extra_clinic_are_made_later(clinic: Clinic) -> None:
    assert add(clinic, day=date(2026, 6, 6)) == 0

    later = datetime(2026, 5, 1, tzinfo=UTC)
    make_slots(clinic.context(now=later))
    assert len(clinic.statuses(datetime(2026, 6, 6, tzinfo=UTC))) == 3


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"day": date(2026, 3, 2)}, "day", "begun already"),
        ({"day": date(1, 1, 1)}, "day", "Choose a day from"),
        ({"day": date(9999, 12, 31)}, "day", "Choose a day from"),
        ({"ends": time(9)}, "ends", "after the beginning"),
        ({"slot_minutes": 0}, "slot_minutes", "5 to 240"),
        ({"slot_minutes": 90}, "slot_minutes", "shorter"),
        ({"day": date(2026, 3, 10)}, "starts", "session in that time already"),
        ({"day": date(2027, 3, 9)}, "starts", "session in that time already"),
    ],
    ids=str,
)
def test_extra_clinics_that_do_not_fit_are_refused(
    clinic: Clinic, changes: dict[str, object], field: str, says: str
) -> None:
    with pytest.raises(Unfit, match=says) as refusal:
        add(clinic, **changes)

    assert refusal.value.field == field


def test_an_extra_clinic_over_a_single_slot_is_refused(clinic: Clinic) -> None:
    at = SATURDAY.replace(hour=8, minute=50)
    a_slot(clinic.session, clinic.practitioner, clinic.location, starts_at=at)

    with pytest.raises(Unfit, match="session in that time already"):
        add(clinic)


def test_two_extra_clinics_at_the_same_time_are_refused(clinic: Clinic) -> None:
    add(clinic)

    with pytest.raises(Unfit, match="session in that time already"):
        add(clinic, starts=time(9, 40), ends=time(11))


def test_an_extra_clinic_is_only_in_a_clinic_where_they_work(clinic: Clinic) -> None:
    with pytest.raises(Unfit, match="do not work in this clinic"):
        add(clinic, location_ref=a_location(clinic.session).ref)


def test_an_extra_clinic_during_leave_or_a_closure_is_refused(clinic: Clinic) -> None:
    away = AbsenceFacts(SATURDAY.date(), SATURDAY.date(), None, None, "Wedding")
    first = clinic.session.begin_nested()
    add_leave(
        clinic.context(), practitioner_ref=clinic.practitioner.ref, facts=away, confirmed=None
    )
    with pytest.raises(Unfit, match="They are away at that time: Wedding"):
        add(clinic)
    first.rollback()

    add_closures(clinic.context(), location_ref=None, closures=[away], confirmed=None)
    with pytest.raises(Unfit, match="The clinic is closed at that time: Wedding"):
        add(clinic)


def test_ending_it_shows_the_booked_times_and_removes_the_others(clinic: Clinic) -> None:
    add(clinic)
    clinic.booked("9:20", SATURDAY)

    question = clinic.asked(lambda: end(clinic))
    assert (question.free, len(question.booked)) == (2, 1)
    end(clinic, question.fingerprint)

    assert clinic.statuses(SATURDAY) == [UNAVAILABLE]
    assert len(to_rebook(clinic.session, NOW)) == 1
    assert clinic.statuses() == [FREE] * 9


def test_only_administrators_add_extra_clinics(clinic: Clinic) -> None:
    clinic.administrator = actor_of(an_account(clinic.session, Role.NURSE))

    with pytest.raises(Forbidden):
        add(clinic)
