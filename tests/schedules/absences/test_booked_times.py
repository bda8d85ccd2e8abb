"""Booked times are shown before leave is saved, and must be rebooked after it."""

import pytest

from portal.schedules.slots.taking_out import Unconfirmed, to_rebook
from portal.vocabulary import AppointmentStatus
from tests.builders import NOW, a_patient, an_appointment
from tests.builders.tuesdays import Clinic
from tests.schedules.absences.absences import UNAVAILABLE, leave


def test_booked_times_are_shown_before_leave_is_saved(clinic: Clinic) -> None:
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


def test_an_appointment_booked_meanwhile_has_to_be_confirmed_too(clinic: Clinic) -> None:
    clinic.booked("9:20")
    question = clinic.asked(lambda: leave(clinic))
    clinic.booked("9:40")

    with pytest.raises(Unconfirmed) as again:
        leave(clinic, confirmed=question.fingerprint)

    assert len(again.value.effect.booked) == 2


def test_only_booked_appointments_must_be_rebooked(clinic: Clinic) -> None:
    clinic.booked("9:00").status = AppointmentStatus.CANCELLED
    clinic.booked("9:20").status = AppointmentStatus.ARRIVED
    clinic.session.flush()

    assert leave(clinic).booked == ()


def test_an_overbooked_appointment_must_be_rebooked_too(clinic: Clinic) -> None:
    clinic.booked("9:00")
    beside = a_patient(clinic.session)
    an_appointment(clinic.session, beside, clinic.slot("9:00"), overbook_reason="urgent")

    with pytest.raises(Unconfirmed) as question:
        leave(clinic)

    assert len(question.value.effect.booked) == 2
