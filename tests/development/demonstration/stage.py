"""The demonstration hospital in memory, as `make run` loads it at a given time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import StaticPool, create_engine, select
from sqlalchemy.orm import Session

from portal.development.demonstration import hospital as demonstration
from portal.models import Appointment, Base, Encounter, Slot
from portal.vocabulary import AppointmentStatus, EncounterStatus
from tests.settings import settings_for

SETTINGS = settings_for("sqlite://")
HOSPITAL = SETTINGS.hospital


@contextmanager
def loaded(now: datetime) -> Iterator[Session]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        demonstration.load(session, SETTINGS, now)
        yield session
    engine.dispose()


def appointments_today(session: Session, now: datetime) -> list[Appointment]:
    first, after = HOSPITAL.day(HOSPITAL.today(now))
    return list(
        session.scalars(
            select(Appointment)
            .where(Appointment.starts_at >= first, Appointment.starts_at < after)
            .order_by(Appointment.starts_at)
        )
    )


def in_consultation(session: Session) -> set[int | None]:
    """The appointments whose encounter is in progress."""
    return set(
        session.scalars(
            select(Encounter.appointment_id).where(Encounter.status == EncounterStatus.IN_PROGRESS)
        )
    )


def assert_nothing_contradicts_the_hour(session: Session, now: datetime) -> None:
    finished = set(
        session.scalars(
            select(Encounter.appointment_id).where(Encounter.status == EncounterStatus.FINISHED)
        )
    )
    with_doctor = in_consultation(session)
    for row in session.scalars(select(Appointment)):
        over, begun = row.ends_at <= now, row.starts_at <= now
        assert (row.id in finished) == (row.status is AppointmentStatus.FULFILLED)
        assert (row.id in with_doctor) == (row.status is AppointmentStatus.ARRIVED and begun)
        if row.status in (AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW):
            assert over
        elif row.status is AppointmentStatus.BOOKED:
            assert not begun
        elif row.status is AppointmentStatus.ARRIVED:
            assert not over


def assert_each_slot_has_whom_it_says(session: Session) -> None:
    """Free slots have no patient, busy ones have one, and more only if overbooked."""
    has: dict[int, list[Appointment]] = {}
    for row in session.scalars(
        select(Appointment).where(Appointment.status != AppointmentStatus.CANCELLED)
    ):
        has.setdefault(row.slot_id, []).append(row)
    for slot in session.scalars(select(Slot)):
        planned = [row for row in has.get(slot.id, []) if row.overbook_reason is None]
        assert len(planned) == (slot.status.value == "busy") or (
            slot.status.value == "busy-unavailable" and len(planned) <= 1
        )
