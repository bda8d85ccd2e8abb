"""What happens when two things are done at the same moment, in transactions of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.chart.death import actions as death
from portal.errors import PortalError
from portal.models import Appointment, Slot
from portal.seen import Seen
from portal.vocabulary import AppointmentStatus, SlotStatus
from tests.appointments.booking.actions.desk import Desk, a_slot_at
from tests.builders import NOW, a_patient, actor_of, an_account_of, an_appointment, context_for
from tests.builders.morning import Clinic, found_a_clinic

ROUNDS = 5
CROWD = 8
DEADLOCK = 1213


@pytest.fixture
def clinic(database: Session) -> Clinic:
    clinic = found_a_clinic(database, slots=CROWD + 1)
    database.commit()
    return clinic


def at_once(engine: Engine, deeds: list[Callable[[Session], object]]) -> list[str]:
    """Does each in its own transaction at the same moment; how each ended: its error or "done".

    A transaction that had to give way is run again, as the portal does.
    """
    start = Barrier(len(deeds))

    def do(deed: Callable[[Session], object]) -> str:
        start.wait(30)
        for _ in range(3):
            with Session(engine, autoflush=False) as session:
                try:
                    deed(session)
                    session.commit()
                    return "done"
                except PortalError as fault:
                    return type(fault).__name__
                except OperationalError as fault:
                    if fault.orig is None or fault.orig.args[0] != DEADLOCK:
                        raise
        return "gave way"

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


def booking(clinic: Clinic, slot: Slot) -> Callable[[Session], object]:
    return lambda session: Desk(session, clinic).book(slot)


def marking(clinic: Clinic) -> Callable[[Session], object]:
    """Reception marks the clinic's patient as deceased, on a page that showed nothing ahead."""

    def mark(session: Session) -> None:
        context = context_for(session, actor_of(clinic.reception))
        death.mark(context, patient=Seen(clinic.patient.ref, 1), ahead=0, died_on=NOW.date())

    return mark


def test_a_patient_in_many_windows_gets_one_of_many_times_that_overlap(
    engine: Engine, database: Session, clinic: Clinic
) -> None:
    for number in range(ROUNDS):
        start = clinic.slots[0].starts_at + timedelta(days=number + 1)
        slots = [a_slot_at(database, clinic, start) for _ in range(CROWD)]
        database.commit()

        outcomes = at_once(engine, [booking(clinic, slot) for slot in slots])

        assert sorted(outcomes) == ["Refused"] * (CROWD - 1) + ["done"]


def test_a_patient_in_many_windows_does_not_pass_the_limit(
    engine: Engine, database: Session, clinic: Clinic
) -> None:
    for number in range(9):
        start = clinic.slots[0].starts_at + timedelta(days=number + 1)
        an_appointment(database, clinic.patient, a_slot_at(database, clinic, start))
    database.commit()

    outcomes = at_once(engine, [booking(clinic, slot) for slot in clinic.slots[:CROWD]])

    assert sorted(outcomes) == ["Refused"] * (CROWD - 1) + ["done"]


def test_many_move_to_one_time_and_the_others_keep_theirs(
    engine: Engine, database: Session, clinic: Clinic
) -> None:
    wanted, *had = clinic.slots
    appointments = []
    for slot in had:
        patient = a_patient(database)
        desk = Desk(database, clinic, an_account_of(database, patient))
        appointments.append((desk, patient.ref, an_appointment(database, patient, slot)))
    database.commit()

    def moving(desk: Desk, patient_ref: str, appointment: Appointment) -> Callable[..., object]:
        def move(session: Session) -> None:
            mover = Desk(session, clinic)
            mover.by, mover.patient_ref = desk.by, patient_ref
            mover.move(appointment, wanted)

        return move

    outcomes = at_once(engine, [moving(*entry) for entry in appointments])

    assert sorted(outcomes) == ["Conflict"] * (CROWD - 1) + ["done"]
    database.commit()
    taken = set(database.scalars(select(Appointment.slot_id)))
    free = set(database.scalars(select(Slot.id).where(Slot.status == SlotStatus.FREE)))
    assert wanted.id in taken
    assert len(taken) == CROWD
    assert free == {slot.id for slot in clinic.slots} - taken


def test_moved_and_cancelled_at_once_it_ends_as_one_of_both(
    engine: Engine, database: Session, clinic: Clinic
) -> None:
    for old, new in zip(clinic.slots[::2], clinic.slots[1::2], strict=False):
        booked = an_appointment(database, clinic.patient, old)
        database.commit()

        def move(session: Session, booked: Appointment = booked, new: Slot = new) -> None:
            Desk(session, clinic).move(booked, new)

        def cancel(session: Session, booked: Appointment = booked) -> None:
            Desk(session, clinic).cancel(booked)

        outcomes = at_once(engine, [move, cancel])

        assert sorted(outcomes) == ["ChangedMeanwhile", "done"]
        # A commit begins a new view of the data, and leaves what the threads read as it is.
        database.commit()
        held = set(database.scalars(select(Slot.id).where(Slot.status == SlotStatus.BUSY)))
        database.refresh(booked)
        if booked.status is AppointmentStatus.CANCELLED:
            assert held == set()
        else:
            assert held == {new.id}
            assert at_once(engine, [cancel]) == ["done"]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_death_and_a_booking_at_once_never_leave_both(
    engine: Engine, database: Session, clinic: Clinic, round_: int
) -> None:
    """Either the booking is refused, or reception is told that there is an appointment now."""
    booked, marked = at_once(engine, [booking(clinic, clinic.slots[0]), marking(clinic)])

    database.commit()
    database.refresh(clinic.patient)
    ahead = database.scalars(select(Appointment.status)).all()
    if clinic.patient.deceased_on is None:
        assert (booked, marked, ahead) == ("done", "ChangedMeanwhile", [AppointmentStatus.BOOKED])
    else:
        assert (booked, marked, ahead) == ("Refused", "done", [])
