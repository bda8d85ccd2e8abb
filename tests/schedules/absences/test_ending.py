"""The end of leave gives its times back."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.models import ScheduleException, Slot
from portal.schedules.slots.taking_out import to_rebook
from portal.schedules.weekly.actions import end_schedule
from portal.vocabulary import AppointmentStatus
from tests.builders import NOW, seen_now
from tests.builders.tuesdays import Clinic, a_clinic
from tests.schedules.absences.absences import BUSY, FREE, TUESDAY, UNAVAILABLE, close, end, leave


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


def test_times_within_another_absence_stay_out(clinic: Clinic) -> None:
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


def test_leave_does_not_bring_back_what_was_ended_meanwhile(clinic: Clinic) -> None:
    clinic.booked("9:20").status = AppointmentStatus.CANCELLED
    clinic.slot("9:20").status = FREE
    clinic.session.flush()
    leave(clinic)
    end_schedule(
        clinic.context(),
        schedule=seen_now(clinic.schedule),
        last_day=date(2026, 3, 3),
        confirmed=None,
    )
    assert clinic.statuses() == [UNAVAILABLE]

    end(clinic)

    assert clinic.statuses() == [UNAVAILABLE]


def test_leave_that_is_over_cannot_be_ended(clinic: Clinic) -> None:
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
