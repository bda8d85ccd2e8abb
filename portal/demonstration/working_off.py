"""What became of appointments by now: who came, who is waiting, who is in consultation."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed
from portal.appointments.attendance import AMBULATORY, VIRTUAL
from portal.appointments.rules import Phase, Step
from portal.demonstration.actors import Actors
from portal.hospital import Hospital
from portal.models import (
    Appointment,
    AppointmentStatus,
    Encounter,
    EncounterStatus,
    Mode,
    Patient,
)

MISSED = 0.7
"""How often one of a session's patients does not come."""
WAIT = timedelta(minutes=50)
WAITING = 2
"""So many patients are there early, out of those whose turn comes within `WAIT`."""
EARLY, LATE, LENGTH = timedelta(minutes=8), timedelta(minutes=3), timedelta(minutes=14)

_STATUS = {
    Phase.ARRIVED: AppointmentStatus.ARRIVED,
    Phase.IN_CONSULTATION: AppointmentStatus.ARRIVED,
    Phase.FULFILLED: AppointmentStatus.FULFILLED,
    Phase.NOSHOW: AppointmentStatus.NOSHOW,
}


def work_off(
    session: Session, random: Random, actors: Actors, hospital: Hospital, now: datetime
) -> int:
    """Brings every appointment up to today into the state that fits the hour; returns how many."""
    _, tomorrow = hospital.day(hospital.today(now))

    def of_session(row: Appointment) -> tuple[int, date]:
        return row.practitioner_id, hospital.local(row.starts_at).date()

    rows = session.scalars(
        select(Appointment)
        .where(
            Appointment.status.in_((AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)),
            Appointment.starts_at < tomorrow,
        )
        .order_by(Appointment.practitioner_id, Appointment.starts_at, Appointment.id)
    ).all()
    phases = [
        pair for _, those in groupby(rows, of_session) for pair in _phases(list(those), random, now)
    ]
    _History(session, actors, now).write(phases)
    return len(phases)


def _phases(
    rows: Sequence[Appointment], random: Random, now: datetime
) -> list[tuple[Appointment, Phase]]:
    """Of one practitioner's day in order."""
    over = [row for row in rows if row.ends_at <= now and row.status is AppointmentStatus.BOOKED]
    missed = random.choice(over) if len(over) > 2 and random.random() < MISSED else None
    soon = [
        row for row in rows if now < row.starts_at <= now + WAIT and row.mode is Mode.IN_PERSON
    ][:WAITING]
    found = []
    for row in rows:
        if row.ends_at <= now:
            found.append((row, Phase.NOSHOW if row is missed else Phase.FULFILLED))
        elif row.starts_at <= now:
            found.append((row, Phase.IN_CONSULTATION))
        elif row in soon:
            found.append((row, Phase.ARRIVED))
    return found


class _History:
    """Writes what happened to appointments until now, as the day list's buttons would have."""

    def __init__(self, session: Session, actors: Actors, now: datetime) -> None:
        self._session, self._actors, self._now = session, actors, now
        self._refs = {row.id: row.ref for row in session.execute(select(Patient.id, Patient.ref))}

    def write(self, phases: Sequence[tuple[Appointment, Phase]]) -> None:
        begun = select(Encounter).where(Encounter.status == EncounterStatus.IN_PROGRESS)
        encounters = {row.appointment_id: row for row in self._session.scalars(begun)}
        for row, phase in phases:
            if row.status is AppointmentStatus.BOOKED and row.mode is Mode.IN_PERSON:
                self._arrive(row, phase)
            if phase in (Phase.IN_CONSULTATION, Phase.FULFILLED):
                self._meet(row, phase, encounters.get(row.id))
            row.status = _STATUS[phase]
            row.updated_at = min(self._now, row.ends_at)
        self._session.flush()

    def _arrive(self, row: Appointment, phase: Phase) -> None:
        if phase is Phase.NOSHOW:
            self._remember(
                row, self._clinician(row), Deed.MARK_NOSHOW, Step.MARK_NOSHOW, row.ends_at
            )
        else:
            came_at = row.starts_at - EARLY
            self._remember(row, self._actors.reception, Deed.CHECK_IN, Step.CHECK_IN, came_at)

    def _meet(self, row: Appointment, phase: Phase, encounter: Encounter | None) -> None:
        """The consultation, which may have begun already."""
        started_at = row.starts_at + LATE
        if encounter is None:
            encounter = Encounter(
                patient_id=row.patient_id,
                practitioner_id=row.practitioner_id,
                location_id=row.location_id,
                appointment_id=row.id,
                status=EncounterStatus.IN_PROGRESS,
                class_code=AMBULATORY if row.mode is Mode.IN_PERSON else VIRTUAL,
                started_at=min(self._now, started_at),
            )
            self._session.add(encounter)
            self._remember(row, self._clinician(row), Deed.CONSULT, Step.START, started_at)
        if phase is Phase.FULFILLED:
            encounter.status = EncounterStatus.FINISHED
            encounter.ended_at = max(encounter.started_at, started_at + LENGTH)
            self._remember(row, self._clinician(row), Deed.CONSULT, Step.FINISH, encounter.ended_at)

    def _clinician(self, row: Appointment) -> Actor:
        return self._actors.clinicians[row.practitioner_id]

    def _remember(self, row: Appointment, by: Actor, deed: Deed, step: Step, at: datetime) -> None:
        audit.remember(
            self._session,
            by=by,
            deed=deed,
            now=min(self._now, at),
            of=Appointment.reference(row.ref),
            patient=self._refs[row.patient_id],
            step=step.value,
        )
