"""A clinic's day: who comes when and to whom, and where each of them stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, null, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, Relation, may, relations
from portal.appointments import rules
from portal.appointments.queries import must_be_rebooked, phase
from portal.appointments.rules import Phase, Step
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
from portal.models.base import Instant, table_of
from portal.models.practitioners import PRACTITIONER_NAME

_appointment = table_of(Appointment)
_encounter = table_of(Encounter)
_location = table_of(Location)
_patient = table_of(Patient)
_practitioner = table_of(Practitioner)
_slot = table_of(Slot)


class Line(NamedTuple):
    """One appointment on the list, with what may be done about it now.

    A page draws a hundred of them: what it reads of a tuple it reads quicker than of a Row.
    """

    ref: str
    starts_at: datetime
    status: AppointmentStatus
    mode: Mode
    overbook_reason: str | None
    reason: str | None
    """None for those who may not read it."""
    slot_status: SlotStatus
    encounter_status: EncounterStatus | None
    patient_ref: str
    hospital_number: str
    given: str
    family: str
    birth_date: date
    practitioner: str
    phase: Phase
    steps: Sequence[Step]
    must_rebook: bool


@dataclass(frozen=True, slots=True)
class DayList:
    lines: list[Line]
    totals: dict[Phase, int]
    """How many stand where; only those that are not zero, in the order of the day."""
    links: bool
    """Whether the patients' own pages are open to whoever looks."""


PEOPLE = (
    _patient.c.ref.label("patient_ref"),
    _patient.c.hospital_number,
    _patient.c.given,
    _patient.c.family,
    _patient.c.birth_date,
    PRACTITIONER_NAME,
)


@cache
def _day(with_reason: bool, of_practitioner: bool) -> Select[Any]:
    statement = (
        select(
            _appointment.c.ref,
            _appointment.c.starts_at,
            _appointment.c.status,
            _appointment.c.mode,
            _appointment.c.overbook_reason,
            _appointment.c.reason if with_reason else null().label("reason"),
            _slot.c.status.label("slot_status"),
            _encounter.c.status.label("encounter_status"),
            *PEOPLE,
        )
        .join(_patient, _patient.c.id == _appointment.c.patient_id)
        .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
        .join(_slot, _slot.c.id == _appointment.c.slot_id)
        .outerjoin(_encounter, _encounter.c.appointment_id == _appointment.c.id)
        .where(
            _appointment.c.location_id == bindparam("location_id"),
            _appointment.c.starts_at >= bindparam("begins", type_=Instant()),
            _appointment.c.starts_at < bindparam("ends", type_=Instant()),
            _appointment.c.status != AppointmentStatus.CANCELLED,
        )
        .order_by(_appointment.c.starts_at, _practitioner.c.family, _appointment.c.id)
    )
    if of_practitioner:
        return statement.where(_appointment.c.practitioner_id == bindparam("practitioner_id"))
    return statement


def day_list(
    session: Session,
    *,
    by: Actor,
    clinic: Row[Any],
    day: date,
    practitioner: Row[Any] | None,
    hospital: Hospital,
    now: datetime,
) -> DayList:
    """The day of a clinic that was looked up with `clinics.clinic`, of one practitioner or of all."""
    begins, ends = hospital.day(day)
    values = {"location_id": clinic.id, "begins": begins, "ends": ends}
    if practitioner is not None:
        values["practitioner_id"] = practitioner.id
    with_reason = rules.may_read_reason(by, acts_for_patient=False)
    rows = session.execute(_day(with_reason, practitioner is not None), values).all()
    detail = {"day": day.isoformat(), "practitioner": practitioner and practitioner.ref}
    of = Location.reference(clinic.ref)
    audit.remember(session, by=by, deed=Deed.SEE_DAY_LIST, now=now, of=of, **detail)
    allowed = _steps_of(by) if day == hospital.today(now) else frozenset()
    lines = [_line(row, allowed, now) for row in rows]
    return DayList(lines, _totals(lines), _may_open_patients(by, begins, hospital, now))


def _line(row: Row[Any], allowed: frozenset[Step], now: datetime) -> Line:
    stands = phase(row)
    remote = row.mode is not Mode.IN_PERSON
    steps = rules.steps_from(stands, remote=remote, has_begun=now >= row.starts_at)
    open_steps = [step for step in steps if step in allowed]
    return Line._make((*row, stands, open_steps, must_be_rebooked(row)))


def _steps_of(by: Actor) -> frozenset[Step]:
    return frozenset(step for step, deed in rules.STEP_DEEDS.items() if may(by, deed))


def _totals(lines: list[Line]) -> dict[Phase, int]:
    counted = dict.fromkeys(Phase, 0)
    for line in lines:
        counted[line.phase] += 1
    return {phase: number for phase, number in counted.items() if number}


def _may_open_patients(by: Actor, begins: datetime, hospital: Hospital, now: datetime) -> bool:
    """A clinician's list reaches further than the time in which its patients are their patients."""
    if Relation.ANYONE in relations(by, Deed.SEE_APPOINTMENTS):
        return True
    first = now - timedelta(days=hospital.care_team_days_before)
    return first <= begins and begins + timedelta(days=1) <= now + timedelta(
        days=hospital.care_team_days_after
    )
