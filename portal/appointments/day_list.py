"""A clinic's day: who comes when and to whom, and where each of them stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Row, Select, Table, bindparam, select
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
    Location,
    Mode,
    Patient,
    Practitioner,
    Slot,
)
from portal.models.base import Instant

_appointment = cast("Table", Appointment.__table__)
_encounter = cast("Table", Encounter.__table__)
_location = cast("Table", Location.__table__)
_patient = cast("Table", Patient.__table__)
_practitioner = cast("Table", Practitioner.__table__)
_slot = cast("Table", Slot.__table__)


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment on the list, with what may be done about it now."""

    row: Row[Any]
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
    _practitioner.c.prefix.label("their_prefix"),
    _practitioner.c.given.label("their_given"),
    _practitioner.c.family.label("their_family"),
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
            *((_appointment.c.reason,) if with_reason else ()),
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
    return Line(row, stands, [step for step in steps if step in allowed], must_be_rebooked(row))


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
