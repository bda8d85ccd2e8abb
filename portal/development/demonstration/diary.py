"""Books patients into free slots; near weeks are fuller than later ones."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.context import Context
from portal.development.demonstration import places
from portal.development.demonstration.actors import Actors
from portal.models import Appointment, Location, Patient, Practitioner, Slot, new_ref
from portal.models.base import table_of
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, Mode, SlotStatus

FULL = ((28, 0.1), (14, 0.3), (7, 0.5), (1, 0.7), (0, 0.85))
"""The share of booked slots from so many days ahead…"""
PAST_FULL = 0.5
"""…and in the past."""
AROUND_NOW = timedelta(minutes=70)
"""Slots within this time are all booked, so that the day list shows every phase."""
CANCELLED, SILENT = 0.05, 0.4
"""The shares of slots that were booked and cancelled before, and of bookings without a reason."""
BOOKED_BEFORE = timedelta(days=12)
GROWN_UP = 16

_INSERT = insert(table_of(Appointment))


class Diary:
    """Books patients, each at most once per day."""

    def __init__(
        self, session: Session, random: Random, actors: Actors, hospital: Hospital, now: datetime
    ) -> None:
        self._session, self._random, self._actors = session, random, actors
        self._hospital, self._now = hospital, now
        self._today = hospital.today(now)
        self._clinics = {row.id: row.name for row in session.scalars(select(Location))}
        self._days: dict[int, set[date]] = defaultdict(set)
        self._rows: list[dict[str, Any]] = []
        for patient_id, starts_at in session.execute(
            select(Appointment.patient_id, Appointment.starts_at)
        ):
            self._days[patient_id].add(hospital.local(starts_at).date())

    def book_first(self, patient: Patient, practitioner: Practitioner, since: datetime) -> None:
        """Books the practitioner's first free slot after `since`."""
        slot = self._session.scalars(
            select(Slot)
            .where(
                Slot.practitioner_id == practitioner.id,
                Slot.starts_at >= since,
                Slot.status == SlotStatus.FREE,
                Slot.mode == Mode.IN_PERSON,
            )
            .order_by(Slot.starts_at)
        ).first()
        if slot is None:
            raise LookupError(f"{practitioner.name} has no free time from {since} on")
        self._book(slot, patient)
        self._write()

    def fill(self, patients: Sequence[Patient], *, first_day: date) -> None:
        """Full in the past and today, emptier further ahead; children go to the children's clinic."""
        youngest = self._today.replace(year=self._today.year - GROWN_UP, day=1)
        children = [row for row in patients if row.birth_date > youngest]
        adults = [row for row in patients if row.birth_date <= youngest]
        begins, _ = self._hospital.day(first_day)
        slots = self._session.scalars(
            select(Slot).where(Slot.starts_at >= begins).order_by(Slot.starts_at, Slot.id)
        ).all()
        all_of = Counter(self._day(slot) for slot in slots)
        free = [slot for slot in slots if slot.status is SlotStatus.FREE]
        free_of = Counter(self._day(slot) for slot in free)
        for slot in free:
            day = self._day(slot)
            missing = self._fullness(slot) * all_of[day] - (all_of[day] - free_of[day])
            at_children = self._clinics[slot.location_id] == places.CHILDREN
            whose = children if at_children else adults
            if self._random.random() < CANCELLED:
                self._book_somebody(slot, whose, cancelled=True)
            if self._random.random() * free_of[day] < missing or self._is_around_now(slot):
                self._book_somebody(slot, whose)
        self._write()

    def _fullness(self, slot: Slot) -> float:
        ahead = (self._day(slot) - self._today).days
        return next((share for days, share in FULL if ahead >= days), PAST_FULL)

    def _is_around_now(self, slot: Slot) -> bool:
        return abs(slot.starts_at - self._now) < AROUND_NOW

    def _day(self, slot: Slot) -> date:
        return self._hospital.local(slot.starts_at).date()

    def _book_somebody(
        self, slot: Slot, whose: Sequence[Patient], *, cancelled: bool = False
    ) -> None:
        day = self._day(slot)
        with_time = [row for row in whose if day not in self._days[row.id]]
        if with_time:
            self._book(slot, self._random.choice(with_time), cancelled=cancelled)

    def _book(self, slot: Slot, patient: Patient, *, cancelled: bool = False) -> None:
        self._days[patient.id].add(self._day(slot))
        booked_at = min(slot.starts_at, self._now) - BOOKED_BEFORE
        status = AppointmentStatus.CANCELLED if cancelled else AppointmentStatus.BOOKED
        ref = new_ref()
        row = {
            "ref": ref,
            "patient_id": patient.id,
            "slot_id": slot.id,
            "practitioner_id": slot.practitioner_id,
            "location_id": slot.location_id,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "mode": slot.mode,
            "status": status,
            "reason": self._reason(slot),
            "cancel_reason": "Can't come at that time" if cancelled else None,
            "sequence": 1 if cancelled else 0,
            "created_at": booked_at,
            "updated_at": booked_at,
        }
        self._rows.append(row)
        booking = Context(self._session, self._actors.reception, self._hospital, booked_at)
        of = Appointment.reference(ref)
        booking.remember(Deed.BOOK_APPOINTMENT, of=of, patient=patient.ref)

    def _write(self) -> None:
        """All rows that were booked, and their slots, in few statements."""
        busy = [row["slot_id"] for row in self._rows if row["status"] is AppointmentStatus.BOOKED]
        if self._rows:
            self._session.execute(_INSERT, self._rows)
        self._session.execute(update(Slot).where(Slot.id.in_(busy)).values(status=SlotStatus.BUSY))
        self._rows.clear()

    def _reason(self, slot: Slot) -> str:
        reasons = places.reasons_at(self._clinics[slot.location_id])
        return self._random.choice(["", *reasons]) if self._random.random() > SILENT else ""
