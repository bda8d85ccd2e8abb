"""The demonstration hospital on a later day, at night, and in every time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.development.demonstration import hospital as demonstration
from portal.development.demonstration import zones
from portal.models import Patient, Slot
from portal.vocabulary import AppointmentStatus
from tests.development.demonstration.hospitals import MONDAY_MORNING, count
from tests.development.demonstration.stage import (
    HOSPITAL,
    SETTINGS,
    appointments_today,
    assert_each_slot_has_whom_it_says,
    assert_nothing_contradicts_the_hour,
    loaded,
)


@pytest.mark.parametrize("days", [1, 5, 40], ids="{} days later".format)
def test_on_a_later_day_the_hospital_is_brought_up_to_date(days: int) -> None:
    later = MONDAY_MORNING + timedelta(days=days)
    with loaded(MONDAY_MORNING) as session:
        people = count(session, Patient)
        demonstration.go_on(session, SETTINGS, later)

        today = {row.status for row in appointments_today(session, later)}
        assert today >= {AppointmentStatus.BOOKED, AppointmentStatus.FULFILLED}
        assert_nothing_contradicts_the_hour(session, later)
        assert_each_slot_has_whom_it_says(session)
        assert count(session, Patient) == people


@pytest.mark.parametrize("hour", [3, 21])
def test_at_night_no_clinic_runs(hour: int) -> None:
    night = datetime(2026, 3, 28, hour, 30, tzinfo=UTC)
    with loaded(night) as session:
        clocks = [HOSPITAL.local(at).hour for at in session.scalars(select(Slot.starts_at))]

        assert 8 <= min(clocks) <= max(clocks) < 19
        assert_nothing_contradicts_the_hour(session, night)


@pytest.mark.parametrize("month", [1, 7])
def test_the_chosen_time_zone_is_within_working_hours(month: int) -> None:
    for minutes in range(0, 24 * 60, 10):
        now = datetime(2026, month, 15, tzinfo=UTC) + timedelta(minutes=minutes)
        there = now.astimezone(ZoneInfo(zones.zone_at_work(now)))

        assert 9 <= there.hour < 15
