"""Leave and closures take times out without touching who is booked, and give them back."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.errors import Forbidden, NotFound, Refused, Unfit
from portal.models import (
    AppointmentStatus,
    AuditEvent,
    ScheduleException,
    Slot,
    SlotStatus,
)
from portal.schedules.absence_actions import AbsenceFacts, add_closures, add_leave
from portal.schedules.extra_actions import end_exception
from portal.schedules.rebooking import Effect, Unconfirmed, to_rebook
from portal.schedules.schedule_actions import end_schedule
from tests.hospital import NOW, a_location, a_patient, a_slot, actor_of, an_account, an_appointment
from tests.schedules.conftest import HOSPITAL, Clinic, a_clinic

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE
TUESDAY = AbsenceFacts(date(2026, 3, 10), date(2026, 3, 10), None, None, "Annual leave")


def leave(clinic: Clinic, facts: AbsenceFacts = TUESDAY, confirmed: str | None = None) -> Effect:
    return add_leave(
        clinic.session,
        by=clinic.administrator,
        practitioner_ref=clinic.practitioner.ref,
        facts=facts,
        confirmed=confirmed,
        hospital=HOSPITAL,
        now=NOW,
    )


def close(
    clinic: Clinic,
    location_ref: str | None = None,
    facts: AbsenceFacts = TUESDAY,
    confirmed: str | None = None,
) -> Effect:
    return add_closures(
        clinic.session,
        by=clinic.administrator,
        location_ref=location_ref,
        closures=[facts],
        confirmed=confirmed,
        hospital=HOSPITAL,
        now=NOW,
    )


def end(clinic: Clinic, which: int = 0, now: object = NOW) -> Effect:
    refs = clinic.session.scalars(
        select(ScheduleException.ref).order_by(ScheduleException.id)
    ).all()
    return end_exception(
        clinic.session,
        by=clinic.administrator,
        exception_ref=refs[which],
        confirmed=None,
        hospital=HOSPITAL,
        now=now,  # type: ignore[arg-type]
    )


def test_leave_takes_the_free_times_of_its_days(clinic: Clinic) -> None:
    effect = leave(clinic)

    assert effect.free == 9
    assert clinic.statuses() == [UNAVAILABLE] * 9
    assert clinic.statuses(NOW.replace(hour=0) + timedelta(days=14)) == [FREE] * 9


def test_leave_for_some_hours_takes_what_it_touches(clinic: Clinic) -> None:
    leave(clinic, replace(TUESDAY, starts=time(9, 30), ends=time(10)))

    assert clinic.statuses() == [FREE, UNAVAILABLE, UNAVAILABLE, *[FREE] * 6]


def test_who_is_booked_is_shown_before_leave_is_kept(clinic: Clinic) -> None:
    booked = clinic.booked("9:20")

    with pytest.raises(Unconfirmed) as question:
        leave(clinic)

    (time_of,) = question.value.effect.booked
    assert time_of.starts_at == booked.starts_at
    assert time_of.location == clinic.location.name
    assert time_of.practitioner == clinic.practitioner.name
    assert not hasattr(time_of, "patient")


def test_confirmed_leave_leaves_the_appointment_to_be_rebooked(clinic: Clinic) -> None:
    booked = clinic.booked("9:20")
    question = clinic.asked(lambda: leave(clinic))

    leave(clinic, confirmed=question.fingerprint)

    clinic.session.refresh(booked)
    assert booked.status is AppointmentStatus.BOOKED
    assert clinic.slot("9:20").status is UNAVAILABLE
    assert [time_of.starts_at for time_of in to_rebook(clinic.session, NOW)] == [booked.starts_at]


def test_somebody_else_booked_meanwhile_has_to_be_seen_too(clinic: Clinic) -> None:
    clinic.booked("9:20")
    question = clinic.asked(lambda: leave(clinic))
    clinic.booked("9:40")

    with pytest.raises(Unconfirmed) as again:
        leave(clinic, confirmed=question.fingerprint)

    assert len(again.value.effect.booked) == 2


def test_only_who_is_still_booked_must_be_rebooked(clinic: Clinic) -> None:
    clinic.booked("9:00").status = AppointmentStatus.CANCELLED
    clinic.booked("9:20").status = AppointmentStatus.ARRIVED
    clinic.session.flush()

    assert leave(clinic).booked == ()


def test_somebody_beside_another_must_be_rebooked_too(clinic: Clinic) -> None:
    clinic.booked("9:00")
    beside = a_patient(clinic.session)
    an_appointment(clinic.session, beside, clinic.slot("9:00"), overbook_reason="urgent")

    with pytest.raises(Unconfirmed) as question:
        leave(clinic)

    assert len(question.value.effect.booked) == 2


def test_the_end_of_leave_gives_the_times_back(clinic: Clinic) -> None:
    booked = clinic.booked("9:20")
    gone = clinic.booked("9:40")
    clinic.session.flush()
    question = clinic.asked(lambda: leave(clinic))
    leave(clinic, confirmed=question.fingerprint)
    gone.status = AppointmentStatus.CANCELLED
    clinic.session.flush()

    end(clinic)

    assert clinic.statuses() == [FREE, BUSY, *[FREE] * 7]
    assert booked.status is AppointmentStatus.BOOKED
    assert to_rebook(clinic.session, NOW) == ()


def test_what_another_absence_covers_stays_out(clinic: Clinic) -> None:
    leave(clinic)
    close(clinic, facts=replace(TUESDAY, ends=time(10), reason="Burst pipe"))

    end(clinic)

    assert clinic.statuses() == [*[UNAVAILABLE] * 3, *[FREE] * 6]


def test_leave_that_has_begun_ends_now(clinic: Clinic) -> None:
    leave(clinic, replace(TUESDAY, first_day=date(2026, 3, 3)))

    end(clinic, now=NOW + timedelta(hours=1))

    (row,) = clinic.session.scalars(select(ScheduleException))
    assert row.ends_at == NOW + timedelta(hours=1)
    assert clinic.statuses(NOW.replace(hour=0)) == [*[UNAVAILABLE] * 3, *[FREE] * 3]
    assert clinic.statuses() == [FREE] * 9


def test_what_has_begun_is_not_taken_out(clinic: Clinic) -> None:
    running = a_slot(
        clinic.session,
        clinic.practitioner,
        clinic.location,
        starts_at=NOW - timedelta(minutes=10),
        status=BUSY,
    )

    leave(clinic, replace(TUESDAY, first_day=date(2026, 3, 3)))

    clinic.session.refresh(running)
    assert running.status is BUSY


def test_leave_does_not_bring_back_what_was_ended_meanwhile(clinic: Clinic) -> None:
    clinic.booked("9:20").status = AppointmentStatus.CANCELLED
    clinic.slot("9:20").status = FREE
    clinic.session.flush()
    leave(clinic)
    end_schedule(
        clinic.session,
        by=clinic.administrator,
        schedule_ref=clinic.schedule.ref,
        last_day=date(2026, 3, 3),
        confirmed=None,
        hospital=HOSPITAL,
        now=NOW,
    )
    assert clinic.statuses() == [UNAVAILABLE]

    end(clinic)

    assert clinic.statuses() == [UNAVAILABLE]


def test_what_is_over_is_over(clinic: Clinic) -> None:
    leave(clinic)

    with pytest.raises(Refused, match="over already"):
        end(clinic, now=NOW + timedelta(days=30))


def test_slots_are_not_made_into_leave_and_are_made_when_it_ends(session: Session) -> None:
    clinic = a_clinic(session)
    later = replace(TUESDAY, first_day=date(2026, 4, 28), last_day=date(2026, 5, 4))
    session.execute(delete(Slot))
    leave(clinic, later)

    assert clinic.statuses(NOW.replace(day=28, month=4, hour=0)) == []
    end(clinic)
    assert clinic.statuses(NOW.replace(day=28, month=4, hour=0)) == [FREE] * 9


def test_a_closure_concerns_its_clinic_alone(clinic: Clinic) -> None:
    close(clinic, a_location(clinic.session).ref)
    assert clinic.statuses() == [FREE] * 9

    close(clinic, clinic.location.ref)
    assert clinic.statuses() == [UNAVAILABLE] * 9


def test_a_closure_of_all_clinics_concerns_everybody(clinic: Clinic) -> None:
    other = a_clinic(clinic.session)

    assert close(clinic).free == 18
    assert other.statuses() == [UNAVAILABLE] * 9

    end(clinic)
    assert clinic.statuses() == other.statuses() == [FREE] * 9


def test_slots_without_a_schedule_are_taken_out_too(clinic: Clinic) -> None:
    alone = a_slot(
        clinic.session,
        clinic.practitioner,
        clinic.location,
        starts_at=NOW.replace(day=10, hour=15),
    )

    leave(clinic)

    clinic.session.refresh(alone)
    assert alone.status is UNAVAILABLE


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (replace(TUESDAY, last_day=date(2026, 3, 9)), "last_day"),
        (replace(TUESDAY, starts=time(12), ends=time(12)), "last_day"),
        (replace(TUESDAY, first_day=date(2026, 3, 1), last_day=date(2026, 3, 2)), "last_day"),
        (replace(TUESDAY, last_day=date(2028, 6, 1)), "last_day"),
        (replace(TUESDAY, first_day=date(1926, 3, 10)), "first_day"),
        (replace(TUESDAY, last_day=date(9999, 12, 31)), "last_day"),
        (replace(TUESDAY, first_day=date(1, 1, 1)), "first_day"),
    ],
    ids=["backwards", "empty", "over", "too long", "long ago", "far ahead", "year 1"],
)
def test_spans_that_can_not_be_meant(clinic: Clinic, facts: AbsenceFacts, field: str) -> None:
    with pytest.raises(Unfit) as refusal:
        leave(clinic, facts)

    assert refusal.value.field == field
    assert clinic.statuses() == [FREE] * 9


def test_leave_twice_at_a_time_is_a_slip(clinic: Clinic) -> None:
    leave(clinic)

    with pytest.raises(Unfit, match="Annual leave"):
        leave(clinic, replace(TUESDAY, reason="Course"))


def test_it_is_remembered_without_a_word_of_the_reason(clinic: Clinic) -> None:
    leave(clinic)

    event = clinic.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.deed == "manage schedules"
    assert event.detail == {"step": "add", "free_times": 9, "to_rebook": 0}


def test_only_administrators(clinic: Clinic) -> None:
    clinic.administrator = actor_of(an_account(clinic.session, Role.RECEPTION))

    with pytest.raises(Forbidden):
        leave(clinic)
    with pytest.raises(Forbidden):
        close(clinic)


def test_a_practitioner_who_is_not_there(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        add_leave(
            clinic.session,
            by=clinic.administrator,
            practitioner_ref="0" * 20,
            facts=TUESDAY,
            confirmed=None,
            hospital=HOSPITAL,
            now=NOW,
        )
