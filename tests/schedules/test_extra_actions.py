"""Extra clinics: where they may be, and what their end does."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from portal.access import Role
from portal.errors import Forbidden, Unfit
from portal.models import Mode, ScheduleException, SlotStatus
from portal.schedules.absence_actions import AbsenceFacts, add_closures, add_leave
from portal.schedules.extra_actions import ExtraFacts, add_extra, end_exception
from portal.schedules.rebooking import Effect, to_rebook
from portal.schedules.slots import make_slots
from tests.hospital import NOW, a_location, a_slot, actor_of, an_account
from tests.schedules.conftest import HOSPITAL, Clinic

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
        clinic.session,
        by=clinic.administrator,
        practitioner_ref=clinic.practitioner.ref,
        facts=replace(facts, **changes),  # type: ignore[arg-type]
        hospital=HOSPITAL,
        now=NOW,
    )


def end(clinic: Clinic, confirmed: str | None = None) -> Effect:
    ref = clinic.session.scalars(select(ScheduleException.ref)).one()
    return end_exception(
        clinic.session,
        by=clinic.administrator,
        exception_ref=ref,
        confirmed=confirmed,
        hospital=HOSPITAL,
        now=NOW,
    )


def test_an_extra_clinic_gives_its_slots_also_on_a_day_that_is_closed(clinic: Clinic) -> None:
    assert add(clinic) == 3
    assert clinic.statuses(SATURDAY) == [FREE] * 3


def test_far_ahead_its_slots_come_later(clinic: Clinic) -> None:
    assert add(clinic, day=date(2026, 6, 6)) == 0

    later = datetime(2026, 5, 1, tzinfo=UTC)
    make_slots(clinic.session, by=clinic.administrator, hospital=HOSPITAL, now=later)
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
def test_what_has_no_place(
    clinic: Clinic, changes: dict[str, object], field: str, says: str
) -> None:
    with pytest.raises(Unfit, match=says) as refusal:
        add(clinic, **changes)

    assert refusal.value.field == field


def test_not_over_a_slot_that_no_schedule_gave(clinic: Clinic) -> None:
    at = SATURDAY.replace(hour=8, minute=50)
    a_slot(clinic.session, clinic.practitioner, clinic.location, starts_at=at)

    with pytest.raises(Unfit, match="session in that time already"):
        add(clinic)


def test_not_twice_at_a_time(clinic: Clinic) -> None:
    add(clinic)

    with pytest.raises(Unfit, match="session in that time already"):
        add(clinic, starts=time(9, 40), ends=time(11))


def test_only_in_a_clinic_where_they_work(clinic: Clinic) -> None:
    with pytest.raises(Unfit, match="do not work in this clinic"):
        add(clinic, location_ref=a_location(clinic.session).ref)


def test_not_during_leave_or_a_closure(clinic: Clinic) -> None:
    away = AbsenceFacts(SATURDAY.date(), SATURDAY.date(), None, None, "Wedding")
    asked = {"by": clinic.administrator, "hospital": HOSPITAL, "now": NOW, "confirmed": None}
    first = clinic.session.begin_nested()
    add_leave(clinic.session, practitioner_ref=clinic.practitioner.ref, facts=away, **asked)  # type: ignore[arg-type]
    with pytest.raises(Unfit, match="They are away at that time: Wedding"):
        add(clinic)
    first.rollback()

    add_closures(clinic.session, location_ref=None, closures=[away], **asked)  # type: ignore[arg-type]
    with pytest.raises(Unfit, match="The clinic is closed at that time: Wedding"):
        add(clinic)


def test_its_end_shows_who_is_booked_and_removes_the_rest(clinic: Clinic) -> None:
    add(clinic)
    clinic.booked("9:20", SATURDAY)

    question = clinic.asked(lambda: end(clinic))
    assert (question.free, len(question.booked)) == (2, 1)
    end(clinic, question.fingerprint)

    assert clinic.statuses(SATURDAY) == [UNAVAILABLE]
    assert len(to_rebook(clinic.session, NOW)) == 1
    assert clinic.statuses() == [FREE] * 9


def test_only_administrators(clinic: Clinic) -> None:
    clinic.administrator = actor_of(an_account(clinic.session, Role.NURSE))

    with pytest.raises(Forbidden):
        add(clinic)
