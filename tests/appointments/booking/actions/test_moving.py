"""Moving: the patient keeps the old time until the new one is booked."""

import pytest
from sqlalchemy.orm import Session

from portal.errors import ChangedMeanwhile, Conflict, NotFound, Refused
from portal.vocabulary import AppointmentStatus, Mode, SlotStatus
from tests.appointments.booking.actions.desk import MINUTE, Desk, a_slot_at, notices, status_of
from tests.builders import a_location, a_practitioner, a_slot, an_appointment, audited_deeds


def test_a_move_gives_back_the_old_time_and_tells(session: Session, desk: Desk) -> None:
    old, new, *_ = desk.clinic.slots
    booked = desk.book(old, "A cough")

    desk.move(booked, new)

    assert (booked.slot_id, booked.starts_at, booked.ends_at) == (
        new.id,
        new.starts_at,
        new.ends_at,
    )
    assert (booked.sequence, booked.occupied_slot_id) == (1, new.id)
    assert (booked.status, booked.reason) == (AppointmentStatus.BOOKED, "A cough")
    assert status_of(session, old) is SlotStatus.FREE
    assert status_of(session, new) is SlotStatus.BUSY
    assert audited_deeds(session)[-1] == "move appointment"
    assert notices(session) == [("booked", 0), ("moved", 1)]


def test_a_move_goes_to_another_clinic_mode_and_doctor(session: Session, desk: Desk) -> None:
    booked = desk.book(desk.clinic.slots[0])
    elsewhere = a_location(session)
    other = a_practitioner(session, [elsewhere])
    new = a_slot(session, other, elsewhere, mode=Mode.VIDEO)

    desk.move(booked, new)

    assert (booked.practitioner_id, booked.location_id, booked.mode) == (
        other.id,
        elsewhere.id,
        Mode.VIDEO,
    )


def test_the_old_time_is_kept_when_the_new_one_is_gone(
    session: Session, desk: Desk, stranger: Desk
) -> None:
    old, new, *_ = desk.clinic.slots
    booked = desk.book(old)
    stranger.book(new)

    with pytest.raises(Conflict):
        desk.move(booked, new)
    session.expire_all()
    assert (booked.slot_id, booked.sequence) == (old.id, 0)
    assert status_of(session, old) is SlotStatus.BUSY


def test_moving_to_the_time_that_one_has(desk: Desk) -> None:
    booked = desk.book(desk.clinic.slots[0])

    with pytest.raises(Conflict):
        desk.move(booked, desk.clinic.slots[0])


def test_moving_a_patient_does_not_free_a_time_during_leave(
    session: Session, reception: Desk
) -> None:
    old, new, *_ = reception.clinic.slots
    booked = reception.book(old)
    session.refresh(old)
    old.status = SlotStatus.UNAVAILABLE
    session.flush()

    reception.move(booked, new)

    assert status_of(session, old) is SlotStatus.UNAVAILABLE


def test_a_move_may_overlap_the_time_it_leaves(session: Session, desk: Desk) -> None:
    booked = desk.book(desk.clinic.slots[0])

    desk.move(booked, a_slot_at(session, desk.clinic, booked.starts_at + 10 * MINUTE))


def test_a_move_does_not_overlap_another(session: Session, desk: Desk) -> None:
    first, second, *_ = desk.clinic.slots
    booked = desk.book(first)
    desk.book(second)
    beside = a_slot_at(session, desk.clinic, second.starts_at + 10 * MINUTE)

    with pytest.raises(Refused, match="another appointment"), session.begin_nested():
        desk.move(booked, beside)
    assert status_of(session, beside) is SlotStatus.FREE


def test_an_appointment_that_has_begun_is_not_moved(session: Session, reception: Desk) -> None:
    booked = reception.book(reception.clinic.slots[0])
    reception.now = booked.starts_at

    with pytest.raises(Refused, match="begun"):
        reception.move(booked, reception.clinic.slots[2])


@pytest.mark.parametrize(
    "status", [status for status in AppointmentStatus if status is not AppointmentStatus.BOOKED]
)
def test_only_what_is_booked_is_moved(
    session: Session, reception: Desk, status: AppointmentStatus
) -> None:
    old, new, *_ = reception.clinic.slots
    booked = an_appointment(session, reception.clinic.patient, old, status=status)

    with pytest.raises(ChangedMeanwhile), session.begin_nested():
        reception.move(booked, new)


def test_patients_move_only_their_own_appointments(desk: Desk, stranger: Desk) -> None:
    theirs = stranger.book(desk.clinic.slots[0])

    with pytest.raises(NotFound):
        desk.move(theirs, desk.clinic.slots[1])
