"""Leave and closures take free times out."""

from dataclasses import replace
from datetime import date, time, timedelta

from tests.builders import NOW, a_location, a_slot, audited
from tests.builders.tuesdays import Clinic, a_clinic
from tests.schedules.absences.absences import BUSY, FREE, TUESDAY, UNAVAILABLE, close, end, leave


def test_leave_takes_the_free_times_of_its_days(clinic: Clinic) -> None:
    effect = leave(clinic)

    assert effect.free == 9
    assert clinic.statuses() == [UNAVAILABLE] * 9
    assert clinic.statuses(NOW.replace(hour=0) + timedelta(days=14)) == [FREE] * 9


def test_leave_for_some_hours_takes_what_it_touches(clinic: Clinic) -> None:
    leave(clinic, replace(TUESDAY, starts=time(9, 30), ends=time(10)))

    assert clinic.statuses() == [FREE, UNAVAILABLE, UNAVAILABLE, *[FREE] * 6]


def test_a_time_that_has_begun_is_not_taken_out(clinic: Clinic) -> None:
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


def test_a_closure_concerns_its_clinic_only(clinic: Clinic) -> None:
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


def test_leave_is_audited_without_its_reason(clinic: Clinic) -> None:
    leave(clinic)

    event = audited(clinic.session)[-1]
    assert event.deed == "manage schedules"
    assert event.detail == {"step": "add", "free_times": 9, "to_rebook": 0}
