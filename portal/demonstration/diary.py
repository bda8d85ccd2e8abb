"""Appointments in the hospital's slots, as a clinic's weeks leave them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demonstration import places
from portal.hospital import Hospital
from portal.models import (
    Appointment,
    AppointmentStatus,
    Encounter,
    EncounterStatus,
    Location,
    Mode,
    Patient,
    Practitioner,
    Slot,
    SlotStatus,
)

FULL = ((28, 0.1), (14, 0.3), (7, 0.5), (1, 0.7), (0, 0.85))
"""How full the slots are from so many days ahead on…"""
PAST_FULL = 0.5
"""…and how full the past was."""
CANCELLED, MISSED, EARLY, SILENT = 0.05, 0.07, 0.6, 0.4
"""How many cancel, don't come, are there early, and give no reason when they book."""
WAIT = timedelta(minutes=40)
BOOKED_BEFORE = timedelta(days=12)
GROWN_UP = 16


class Diary:
    """Books people; nobody twice on one day."""

    def __init__(self, session: Session, random: Random, hospital: Hospital, now: datetime) -> None:
        self._session = session
        self._random = random
        self._hospital = hospital
        self._now = now
        self._today = hospital.today(now)
        self._clinics = {row.id: row.name for row in session.scalars(select(Location))}
        self._days: dict[int, set[date]] = defaultdict(set)

    def book_first(
        self, patient: Patient, practitioner: Practitioner, *, days: int, clock: time = time.min
    ) -> None:
        """The practitioner's first free time from then on: so many days ahead, or behind (negative)."""
        day = self._today + timedelta(days=days)
        slot = self._session.scalars(
            select(Slot)
            .where(
                Slot.practitioner_id == practitioner.id,
                Slot.starts_at >= self._hospital.instant(day, clock),
                Slot.status == SlotStatus.FREE,
                Slot.mode == Mode.IN_PERSON,
            )
            .order_by(Slot.starts_at)
        ).first()
        if slot is None:
            raise LookupError(f"{practitioner.name} has no free time {days} days from today")
        over = slot.ends_at <= self._now
        self._book(slot, patient, AppointmentStatus.FULFILLED if over else AppointmentStatus.BOOKED)
        self._session.flush()

    def fill(self, patients: Sequence[Patient]) -> None:
        """Busy behind and today, emptier further ahead; children go to the children's clinic."""
        youngest = self._today.replace(year=self._today.year - GROWN_UP, day=1)
        children = [row for row in patients if row.birth_date > youngest]
        adults = [row for row in patients if row.birth_date <= youngest]
        statement = select(Slot).where(Slot.status == SlotStatus.FREE)
        for slot in self._session.scalars(statement.order_by(Slot.starts_at, Slot.id)).all():
            if self._random.random() < self._fullness(slot):
                at_children = self._clinics[slot.location_id] == places.CHILDREN
                patient = self._somebody(children if at_children else adults, slot)
                self._book(slot, patient, self._status(slot))
        self._session.flush()

    def _fullness(self, slot: Slot) -> float:
        ahead = (self._day(slot) - self._today).days
        return next((share for days, share in FULL if ahead >= days), PAST_FULL)

    def _day(self, slot: Slot) -> date:
        return self._hospital.local(slot.starts_at).date()

    def _somebody(self, who: Sequence[Patient], slot: Slot) -> Patient:
        day = self._day(slot)
        return self._random.choice([row for row in who if day not in self._days[row.id]])

    def _status(self, slot: Slot) -> AppointmentStatus:
        chance = self._random.random()
        if chance < CANCELLED:
            return AppointmentStatus.CANCELLED
        if slot.ends_at <= self._now:
            missed = chance < CANCELLED + MISSED
            return AppointmentStatus.NOSHOW if missed else AppointmentStatus.FULFILLED
        early = slot.starts_at <= self._now + WAIT and chance < EARLY
        here = slot.starts_at <= self._now or early
        return AppointmentStatus.ARRIVED if here else AppointmentStatus.BOOKED

    def _book(self, slot: Slot, patient: Patient, status: AppointmentStatus) -> None:
        self._days[patient.id].add(self._day(slot))
        cancelled = status is AppointmentStatus.CANCELLED
        booked_at = min(slot.starts_at, self._now) - BOOKED_BEFORE
        appointment = Appointment(
            patient_id=patient.id,
            slot_id=slot.id,
            practitioner_id=slot.practitioner_id,
            location_id=slot.location_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            mode=slot.mode,
            status=status,
            reason=self._reason(slot),
            cancel_reason="Can't come at that time" if cancelled else None,
            sequence=1 if cancelled else 0,
            created_at=booked_at,
            updated_at=booked_at,
        )
        slot.status = SlotStatus.FREE if cancelled else SlotStatus.BUSY
        self._session.add(appointment)
        self._meet(slot, appointment)

    def _reason(self, slot: Slot) -> str:
        name = self._clinics[slot.location_id]
        [reasons] = [clinic.reasons for clinic in places.CLINICS if clinic.name == name]
        return "" if self._random.random() < SILENT else self._random.choice(reasons)

    def _meet(self, slot: Slot, appointment: Appointment) -> None:
        """The consultation, when there was one or there is one now."""
        finished = appointment.status is AppointmentStatus.FULFILLED
        begun = appointment.status is AppointmentStatus.ARRIVED and slot.starts_at <= self._now
        if not finished and not begun:
            return
        self._session.flush()
        self._session.add(
            Encounter(
                patient_id=appointment.patient_id,
                practitioner_id=slot.practitioner_id,
                location_id=slot.location_id,
                appointment_id=appointment.id,
                status=EncounterStatus.FINISHED if finished else EncounterStatus.IN_PROGRESS,
                class_code="AMB" if slot.mode is Mode.IN_PERSON else "VR",
                started_at=slot.starts_at,
                ended_at=slot.ends_at if finished else None,
            )
        )
