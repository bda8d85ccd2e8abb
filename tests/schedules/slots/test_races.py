"""Two changes at the same moment, on MariaDB: the database decides, and no booking is lost."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from portal.models import Appointment, Patient, Schedule, Slot
from portal.schedules.absences.actions import AbsenceFacts, add_leave
from portal.schedules.slots.actions import make_slots
from portal.schedules.slots.taking_out import Unconfirmed
from portal.schedules.weekly.actions import add_schedules, end_schedule
from portal.schedules.weekly.placing import SessionFacts
from portal.vocabulary import AppointmentStatus, Mode, SlotStatus
from tests.builders import NOW, a_patient, context_for, seen_now
from tests.builders.tuesdays import Clinic, a_clinic

TUESDAY = AbsenceFacts(date(2026, 3, 10), date(2026, 3, 10), None, None, "Annual leave")


@pytest.fixture
def clinic(database: Session) -> Clinic:
    found = a_clinic(database)
    a_patient(database)
    database.commit()
    return found


def take(session: Session, slot_id: int) -> bool:
    """Takes the slot as a booking does: the first to change the free row has it."""
    result: Any = session.execute(
        update(Slot)
        .where(Slot.id == slot_id, Slot.status == SlotStatus.FREE)
        .values(status=SlotStatus.BUSY)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount == 1)


def book(session: Session, slot: Slot, patient_id: int) -> bool:
    if not take(session, slot.id):
        return False
    session.add(
        Appointment(
            patient_id=patient_id,
            slot_id=slot.id,
            practitioner_id=slot.practitioner_id,
            location_id=slot.location_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            mode=slot.mode,
            status=AppointmentStatus.BOOKED,
            created_at=NOW,
            updated_at=NOW,
        )
    )
    session.flush()
    return True


def leave(session: Session, clinic: Clinic, confirmed: str | None = None) -> None:
    add_leave(
        clinic.context(session),
        practitioner_ref=clinic.practitioner.ref,
        facts=TUESDAY,
        confirmed=confirmed,
    )


def started(
    pool: ThreadPoolExecutor, engine: Engine, work: Callable[[Session], Any]
) -> Future[Any]:
    """Runs the work in its own transaction, and returns once it has begun."""
    ready = threading.Event()

    def run() -> Any:
        with Session(engine) as own, own.begin():
            own.connection()
            ready.set()
            return work(own)

    future = pool.submit(run)
    assert ready.wait(10)
    return future


def test_leave_sees_a_booking_that_was_first(engine: Engine, clinic: Clinic) -> None:
    slot, patient_id = clinic.slot("9:20"), clinic.session.scalars(select(Patient.id)).one()
    clinic.session.rollback()
    with ThreadPoolExecutor(1) as pool, Session(engine) as booking:
        assert book(booking, slot, patient_id)
        waiting = started(pool, engine, lambda own: leave(own, clinic))
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        booking.commit()

        with pytest.raises(Unconfirmed) as question:
            waiting.result(timeout=10)

    assert [found.starts_at for found in question.value.effect.booked] == [slot.starts_at]


def test_a_booking_is_refused_when_leave_was_first(engine: Engine, clinic: Clinic) -> None:
    slot, patient_id = clinic.slot("9:20"), clinic.session.scalars(select(Patient.id)).one()
    clinic.session.rollback()
    with ThreadPoolExecutor(1) as pool, Session(engine) as away:
        leave(away, clinic)
        waiting = started(pool, engine, lambda own: book(own, slot, patient_id))
        away.commit()

        assert waiting.result(timeout=10) is False
    assert clinic.slot("9:20").status is SlotStatus.UNAVAILABLE


def test_no_worker_makes_slots_from_a_schedule_that_is_being_ended(
    engine: Engine, clinic: Clinic
) -> None:
    schedule = seen_now(clinic.schedule)
    clinic.session.rollback()
    with Session(engine) as ending, Session(engine) as working:
        end_schedule(
            clinic.context(ending),
            schedule=schedule,
            last_day=date(2026, 3, 3),
            confirmed=None,
        )
        assert make_slots(context_for(working)) == 0
        ending.commit()
        working.commit()
        assert make_slots(context_for(working)) == 0
    assert clinic.statuses() == []


def test_of_two_overlapping_sessions_one_is_added(engine: Engine, clinic: Clinic) -> None:
    facts = SessionFacts(
        clinic.location.ref, time(13), time(15), 30, Mode.PHONE, date(2026, 3, 3), None
    )
    practitioner_ref = clinic.practitioner.ref
    clinic.session.rollback()

    def add(own: Session) -> int:
        return add_schedules(
            clinic.context(own),
            practitioner_ref=practitioner_ref,
            weekdays=[2],
            facts=facts,
        )

    with ThreadPoolExecutor(2) as pool:
        both = [started(pool, engine, add) for _ in range(2)]
        outcomes = [future.exception(timeout=20) for future in both]

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Unfit"]
    with Session(engine) as own:
        assert own.scalar(select(func.count(Schedule.id)).where(Schedule.weekday == 2)) == 1
