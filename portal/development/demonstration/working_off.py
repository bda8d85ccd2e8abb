"""Gives past and current appointments a phase: arrived, waiting, in consultation, missed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Actor
from portal.appointments.attendance.actions import AMBULATORY, VIRTUAL
from portal.appointments.attendance.rules import STEP_DEEDS
from portal.context import Context
from portal.development.demonstration import places
from portal.development.demonstration.actors import Actors
from portal.models import Appointment, Encounter, Location, Patient
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, EncounterStatus, Mode, Phase, Step

MISSED = 0.7
"""The share of patients who do not come."""
WAIT = timedelta(minutes=50)
WAITING = 2
"""The share of patients who come early, of those whose turn is within `WAIT`."""
EARLY, LATE, LENGTH = timedelta(minutes=8), timedelta(minutes=3), timedelta(minutes=14)

_STATUS = {
    Phase.ARRIVED: AppointmentStatus.ARRIVED,
    Phase.IN_CONSULTATION: AppointmentStatus.ARRIVED,
    Phase.FULFILLED: AppointmentStatus.FULFILLED,
    Phase.NOSHOW: AppointmentStatus.NOSHOW,
}
_TYPES = {
    Mode.IN_PERSON: "Outpatient visit",
    Mode.VIDEO: "Video consultation",
    Mode.PHONE: "Phone consultation",
}


def work_off(
    session: Session, random: Random, actors: Actors, hospital: Hospital, now: datetime
) -> int:
    """Gives every appointment up to now the phase that fits the time. Returns how many it changed."""
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
    _History(Context(session, SYSTEM, hospital, now), actors).write(phases)
    return len(phases)


def _phases(
    rows: Sequence[Appointment], random: Random, now: datetime
) -> list[tuple[Appointment, Phase]]:
    """One practitioner's day, in order."""
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
    """Writes what happened to appointments until now, as the buttons of the day list do."""

    def __init__(self, context: Context, actors: Actors) -> None:
        self._context, self._actors, self._now = context, actors, context.now
        self._session = session = context.session
        self._clinics = {row.id: row.name for row in session.scalars(select(Location))}
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
            self._remember(row, self._clinician(row), Step.MARK_NOSHOW, row.ends_at)
        else:
            came_at = row.starts_at - EARLY
            self._remember(row, self._actors.reception, Step.CHECK_IN, came_at)

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
                type_text=_TYPES[row.mode],
                reason_text=row.reason or self._usual_reason(row),
                started_at=min(self._now, started_at),
            )
            self._session.add(encounter)
            self._remember(row, self._clinician(row), Step.START, started_at)
        if phase is Phase.FULFILLED:
            encounter.status = EncounterStatus.FINISHED
            encounter.ended_at = max(encounter.started_at, started_at + LENGTH)
            self._remember(row, self._clinician(row), Step.FINISH, encounter.ended_at)

    def _usual_reason(self, row: Appointment) -> str:
        """Patients who gave no reason when they booked gave one when they came."""
        reasons = places.reasons_at(self._clinics[row.location_id])
        return reasons[row.id % len(reasons)]

    def _clinician(self, row: Appointment) -> Actor:
        return self._actors.clinicians[row.practitioner_id]

    def _remember(self, row: Appointment, by: Actor, step: Step, at: datetime) -> None:
        then = replace(self._context, by=by, now=min(self._now, at))
        of, patient = Appointment.reference(row.ref), self._refs[row.patient_id]
        then.remember(STEP_DEEDS[step], of=of, patient=patient, step=step.value)
