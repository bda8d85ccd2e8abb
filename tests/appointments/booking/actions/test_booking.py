"""Holding and booking: who gets a slot, and when nobody gets it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.errors import Conflict, Refused
from portal.models import Appointment
from portal.vocabulary import AppointmentStatus, Mode, SlotStatus
from tests.appointments.booking.actions.desk import (
    DAY,
    HOSPITAL,
    MINUTE,
    Desk,
    a_slot_at,
    notices,
    status_of,
)
from tests.builders import NOW, an_appointment, audited, audited_deeds
from tests.builders.morning import Clinic


def test_a_hold_keeps_others_out_until_it_expires(desk: Desk, stranger: Desk) -> None:
    slot = desk.clinic.slots[0]
    desk.hold(slot)

    with pytest.raises(Conflict):
        stranger.hold(slot)
    with pytest.raises(Conflict):
        stranger.book(slot)
    stranger.now = NOW + HOSPITAL.hold_minutes * MINUTE
    stranger.book(slot)


def test_a_new_hold_lets_go_of_the_older_one(session: Session, desk: Desk, stranger: Desk) -> None:
    first, second, *_ = desk.clinic.slots
    desk.hold(first)
    desk.hold(second)

    stranger.hold(first)

    session.refresh(second)
    assert second.held_by_account_id == desk.by.account_id
    assert second.held_until == NOW + timedelta(minutes=5)


def test_a_hold_may_be_renewed_by_its_holder(session: Session, desk: Desk) -> None:
    slot = desk.clinic.slots[0]
    desk.hold(slot)
    desk.now += 3 * MINUTE

    desk.hold(slot)

    session.refresh(slot)
    assert slot.held_until == NOW + 8 * MINUTE


def test_what_is_taken_is_not_held(desk: Desk, stranger: Desk) -> None:
    slot = desk.clinic.slots[0]
    stranger.book(slot)

    with pytest.raises(Conflict, match="Somebody else"):
        desk.hold(slot)


def test_a_booking_takes_the_slot_and_writes_a_notice(session: Session, desk: Desk) -> None:
    slot = desk.clinic.slots[0]
    desk.hold(slot)

    booked = desk.book(slot, "A cough that stays")

    assert booked.status is AppointmentStatus.BOOKED
    assert (booked.patient_id, booked.slot_id) == (desk.clinic.patient.id, slot.id)
    assert (booked.practitioner_id, booked.location_id) == (slot.practitioner_id, slot.location_id)
    assert (booked.starts_at, booked.ends_at) == (slot.starts_at, slot.ends_at)
    assert (booked.mode, booked.reason) == (Mode.IN_PERSON, "A cough that stays")
    assert (booked.sequence, booked.occupied_slot_id) == (0, slot.id)
    assert booked.created_at == NOW
    assert status_of(session, slot) is SlotStatus.BUSY
    assert slot.held_until is None
    assert audited_deeds(session) == ["hold slot", "book appointment"]
    assert notices(session) == [("booked", 0)]


def test_the_entry_in_the_audit_trail_names_who_and_what(session: Session, desk: Desk) -> None:
    booked = desk.book(desk.clinic.slots[0], "A cough that stays")

    (entry,) = audited(session)

    assert entry.actor_ref == desk.by.ref
    assert entry.patient_ref == desk.clinic.patient.ref
    assert entry.entity == f"Appointment/{booked.ref}"
    assert entry.detail is None, "no clinical word in the trail"


def test_a_hold_that_ran_out_costs_nothing_while_the_time_is_free(desk: Desk) -> None:
    slot = desk.clinic.slots[0]
    desk.hold(slot)
    desk.now += DAY / 2

    desk.book(slot)


def test_the_second_booking_of_a_slot_is_refused(
    session: Session, desk: Desk, stranger: Desk
) -> None:
    slot = desk.clinic.slots[0]
    desk.book(slot)

    with pytest.raises(Conflict, match="Somebody else"):
        stranger.book(slot)
    assert session.scalar(select(func.count(Appointment.id))) == 1


def test_the_unique_key_refuses_what_the_condition_lets_through(
    session: Session, desk: Desk, stranger: Desk
) -> None:
    """A slot with the status free although an appointment occupies it."""
    slot = desk.clinic.slots[0]
    desk.book(slot)
    session.refresh(slot)
    slot.status = SlotStatus.FREE
    session.flush()

    with pytest.raises(Conflict), session.begin_nested():
        stranger.book(slot)


@pytest.mark.parametrize("status", [SlotStatus.BUSY, SlotStatus.UNAVAILABLE])
def test_only_a_free_slot_is_booked(session: Session, desk: Desk, status: SlotStatus) -> None:
    slot = desk.clinic.slots[0]
    slot.status = status
    session.flush()

    with pytest.raises(Conflict):
        desk.book(slot)


def test_patients_book_in_time_and_reception_until_it_begins(desk: Desk, reception: Desk) -> None:
    slot = desk.clinic.slots[0]
    desk.now = reception.now = slot.starts_at - 59 * MINUTE

    with pytest.raises(Conflict, match="too close"):
        desk.book(slot)
    reception.book(slot)


def test_a_time_that_has_begun_is_not_booked(reception: Desk) -> None:
    slot = reception.clinic.slots[0]
    reception.now = slot.starts_at + MINUTE

    with pytest.raises(Conflict, match="too close"):
        reception.book(slot)


@pytest.mark.parametrize(
    ("shift", "minutes", "overlaps"),
    [
        (0, 20, True),
        (10, 20, True),
        (-10, 20, True),
        (5, 5, True),
        (-60, 180, True),
        (20, 20, False),
        (-20, 20, False),
    ],
)
def test_nobody_is_in_two_places_at_once(
    session: Session, desk: Desk, reception: Desk, shift: int, minutes: int, overlaps: bool
) -> None:
    start = desk.clinic.slots[1].starts_at
    desk.book(desk.clinic.slots[1])
    other = a_slot_at(session, desk.clinic, start + shift * MINUTE, minutes)

    if not overlaps:
        desk.book(other)
        return
    for somebody in (desk, reception):
        with (
            pytest.raises(Refused, match="another appointment at that time"),
            session.begin_nested(),
        ):
            somebody.book(other)
    assert status_of(session, other) is SlotStatus.FREE


@pytest.mark.parametrize(
    "status",
    [AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW, AppointmentStatus.FULFILLED],
)
def test_cancelled_and_missed_appointments_do_not_count_as_overlapping(
    session: Session, desk: Desk, status: AppointmentStatus
) -> None:
    an_appointment(session, desk.clinic.patient, desk.clinic.slots[0], status=status)

    desk.book(a_slot_at(session, desk.clinic, desk.clinic.slots[0].starts_at))


def test_a_patient_has_so_many_ahead_and_staff_may_add_more(
    session: Session, desk: Desk, reception: Desk
) -> None:
    for number in range(HOSPITAL.appointments_ahead):
        slot = a_slot_at(session, desk.clinic, NOW + (number + 2) * DAY)
        an_appointment(session, desk.clinic.patient, slot)

    with pytest.raises(Refused, match="Call us"), session.begin_nested():
        desk.book(desk.clinic.slots[0])
    reception.book(desk.clinic.slots[0])


def test_the_past_does_not_count_against_the_limit(session: Session, desk: Desk) -> None:
    for number in range(HOSPITAL.appointments_ahead):
        slot = a_slot_at(session, desk.clinic, NOW - (number + 2) * DAY)
        an_appointment(session, desk.clinic.patient, slot)

    desk.book(desk.clinic.slots[0])


def test_the_dead_are_not_booked(session: Session, clinic: Clinic, reception: Desk) -> None:
    clinic.patient.deceased_on = date(2026, 2, 1)
    session.flush()

    with pytest.raises(Refused, match="died"):
        reception.book(clinic.slots[0])
