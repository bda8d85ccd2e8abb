"""Booking rules never prevent a cancellation."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.appointments.booking import statements
from portal.errors import ChangedMeanwhile, NotFound, Refused
from portal.models.rows import changed
from portal.vocabulary import AppointmentStatus, SlotStatus
from tests.appointments.booking.actions.desk import (
    DAY,
    HOSPITAL,
    MINUTE,
    Desk,
    a_slot_at,
    notices,
    status_of,
)
from tests.builders import NOW, an_appointment, audited_deeds


def test_a_cancellation_frees_the_time_and_writes_a_notice(
    session: Session, desk: Desk, stranger: Desk
) -> None:
    slot = desk.clinic.slots[0]
    booked = desk.book(slot)

    desk.cancel(booked)

    assert booked.status is AppointmentStatus.CANCELLED
    assert (booked.cancel_reason, booked.sequence) == ("No longer needed", 1)
    assert status_of(session, slot) is SlotStatus.FREE
    assert audited_deeds(session)[-1] == "cancel appointment"
    assert notices(session) == [("booked", 0), ("cancelled", 1)]
    stranger.book(slot)


def test_no_rule_of_booking_refuses_a_cancellation(session: Session, desk: Desk) -> None:
    """With too many appointments, a minute before, clinic closed, doctor absent, patient dead."""
    for number in range(HOSPITAL.appointments_ahead + 1):
        slot = a_slot_at(session, desk.clinic, NOW + (number + 2) * DAY)
        an_appointment(session, desk.clinic.patient, slot)
    slot = desk.clinic.slots[0]
    booked = an_appointment(session, desk.clinic.patient, slot)
    slot.status = SlotStatus.UNAVAILABLE
    desk.clinic.location.active = desk.clinic.practitioner.active = False
    desk.clinic.patient.deceased_on = date(2026, 3, 1)
    session.flush()
    desk.now = booked.starts_at - MINUTE

    desk.cancel(booked)

    assert booked.status is AppointmentStatus.CANCELLED
    assert status_of(session, slot) is SlotStatus.UNAVAILABLE


def test_staff_cancel_what_was_missed_and_its_time_stays_past(
    session: Session, desk: Desk, reception: Desk
) -> None:
    booked = desk.book(desk.clinic.slots[0])
    desk.now = reception.now = booked.starts_at + MINUTE

    with pytest.raises(Refused, match="begun"):
        desk.cancel(booked)
    reception.cancel(booked)

    assert status_of(session, desk.clinic.slots[0]) is SlotStatus.BUSY


@pytest.mark.parametrize(
    "status", [status for status in AppointmentStatus if status is not AppointmentStatus.BOOKED]
)
def test_only_what_is_booked_is_cancelled(
    session: Session, desk: Desk, status: AppointmentStatus
) -> None:
    slot = desk.clinic.slots[0]
    appointment = an_appointment(session, desk.clinic.patient, slot, status=status)

    with pytest.raises(ChangedMeanwhile):
        desk.cancel(appointment)


def test_patients_cancel_only_their_own_appointments(desk: Desk, stranger: Desk) -> None:
    theirs = stranger.book(desk.clinic.slots[0])

    with pytest.raises(NotFound):
        desk.cancel(theirs)


def test_a_cancellation_with_an_older_version_changes_no_row(session: Session, desk: Desk) -> None:
    """The statement decides by itself, without the check before it."""
    booked = desk.book(desk.clinic.slots[0])
    facts = {"appointment_key": booked.id, "why": "No longer needed", "now": NOW}
    for version, hit in ((booked.version - 1, 0), (booked.version, 1)):
        found = {**facts, "appointment_version": version}
        assert changed(session, statements.CANCEL, found) == hit
