"""The rules of booking, moving and cancelling, without a database."""

from datetime import date, timedelta

import pytest

from portal.access import Role
from portal.appointments.booking import rules
from portal.errors import Refused
from portal.settings.hospital import Hospital
from tests.appointments.test_rules import an_actor
from tests.builders import NOW

HOSPITAL = Hospital(booking_notice_minutes=60, appointments_ahead=10)
HOUR = timedelta(hours=1)


def test_patients_take_a_time_an_hour_ahead_and_staff_until_it_begins() -> None:
    assert rules.earliest_start(an_actor(Role.PATIENT), HOSPITAL, NOW) == NOW + HOUR
    for role in (Role.RECEPTION, Role.DOCTOR, Role.NURSE):
        assert rules.earliest_start(an_actor(role), HOSPITAL, NOW) == NOW
    both = an_actor(Role.PATIENT, Role.NURSE)
    assert rules.earliest_start(both, HOSPITAL, NOW) == NOW


def test_staff_may_book_beyond_the_patients_limit() -> None:
    assert rules.most_ahead(an_actor(Role.PATIENT), HOSPITAL) == 10
    assert rules.most_ahead(an_actor(Role.RECEPTION), HOSPITAL) == rules.UNLIMITED


def test_the_dead_are_not_booked() -> None:
    rules.require_alive(None)
    with pytest.raises(Refused, match="died"):
        rules.require_alive(date(2026, 1, 1))


def test_a_patient_cancels_before_the_time_and_staff_also_after_it() -> None:
    past = NOW - HOUR

    rules.require_cancellable(an_actor(Role.PATIENT), NOW + timedelta(seconds=1), NOW)
    rules.require_cancellable(an_actor(Role.RECEPTION), past, NOW)
    with pytest.raises(Refused, match="begun"):
        rules.require_cancellable(an_actor(Role.PATIENT), past, NOW)
