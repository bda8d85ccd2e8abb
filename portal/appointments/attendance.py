"""What staff do with an appointment on its day: check in, start, finish, mark as missed, and undo.

"In consultation" is an appointment that is `arrived` with an Encounter in progress. The row is
locked while it is looked at, and each change says again from which status it leads away.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Row,
    Select,
    Update,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Relation, require
from portal.appointments import rules
from portal.appointments.queries import phase
from portal.appointments.rules import Phase, Step
from portal.errors import Conflict, NotFound
from portal.hospital import Hospital
from portal.models import (
    Appointment,
    AppointmentStatus,
    Encounter,
    EncounterStatus,
    Location,
    Mode,
    Patient,
    new_ref,
    scope,
)
from portal.models.base import Instant, table_of

AMBULATORY, VIRTUAL = "AMB", "VR"
"""HL7 v3 ActEncounterCode."""

_appointment = table_of(Appointment)
_encounter = table_of(Encounter)
_patient = table_of(Patient)
_location = table_of(Location)


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a step was taken, for finding the way back to the day list."""

    location_ref: str
    starts_at: datetime


@cache
def _find(relations: frozenset[Relation]) -> Select[Any]:
    return (
        select(
            _appointment.c.id,
            _appointment.c.patient_id,
            _appointment.c.practitioner_id,
            _appointment.c.location_id,
            _appointment.c.starts_at,
            _appointment.c.status,
            _appointment.c.mode,
            _encounter.c.status.label("encounter_status"),
            # Subqueries are not locked: checking in holds up nobody else of the clinic.
            select(_patient.c.ref)
            .where(_patient.c.id == _appointment.c.patient_id)
            .scalar_subquery()
            .label("patient_ref"),
            select(_location.c.ref)
            .where(_location.c.id == _appointment.c.location_id)
            .scalar_subquery()
            .label("location_ref"),
        )
        .outerjoin(_encounter, _encounter.c.appointment_id == _appointment.c.id)
        .where(_appointment.c.ref == bindparam("appointment_ref"), scope.appointments(relations))
        .with_for_update()
    )


_NOW = bindparam("now", type_=Instant())
_SET_STATUS: Update = (
    update(_appointment)
    .where(
        _appointment.c.id == bindparam("appointment_key"),
        _appointment.c.status == bindparam("source", type_=_appointment.c.status.type),
    )
    .values(status=bindparam("target", type_=_appointment.c.status.type), updated_at=_NOW)
)
_FINISH: Update = (
    update(_encounter)
    .where(
        _encounter.c.appointment_id == bindparam("appointment_key"),
        _encounter.c.status == EncounterStatus.IN_PROGRESS,
    )
    .values(status=EncounterStatus.FINISHED, ended_at=_NOW)
)
_BEGIN = insert(_encounter)

_STATUS = {
    Phase.BOOKED: AppointmentStatus.BOOKED,
    Phase.ARRIVED: AppointmentStatus.ARRIVED,
    Phase.IN_CONSULTATION: AppointmentStatus.ARRIVED,
    Phase.FULFILLED: AppointmentStatus.FULFILLED,
    Phase.NOSHOW: AppointmentStatus.NOSHOW,
}


def take_step(
    session: Session,
    *,
    by: Actor,
    step: Step,
    appointment_ref: str,
    hospital: Hospital,
    now: datetime,
) -> Taken:
    """Takes the appointment one step on (or back), on its own day.

    Raises `NotFound`, or `Refused` when it is not where the step begins.
    """
    deed = rules.STEP_DEEDS[step]
    values = scope.parameters(by, hospital, now) | {"appointment_ref": appointment_ref}
    row = session.execute(_find(require(by, deed)), values).one_or_none()
    if row is None:
        raise NotFound
    remote = row.mode is not Mode.IN_PERSON
    rules.require_open(
        step, phase(row), remote=remote, starts_at=row.starts_at, hospital=hospital, now=now
    )
    if step is Step.START:
        _begin_encounter(session, row, now)
    if step is Step.FINISH:
        _change(session, _FINISH, row, now)
    target = _STATUS[rules.TRANSITIONS[step].target]
    _change(session, _SET_STATUS, row, now, source=row.status, target=target)
    of = Appointment.reference(appointment_ref)
    audit.remember(
        session, by=by, deed=deed, now=now, of=of, patient=row.patient_ref, step=step.value
    )
    return Taken(row.location_ref, row.starts_at)


def _begin_encounter(session: Session, row: Row[Any], now: datetime) -> None:
    encounter = {
        "ref": new_ref(),
        "patient_id": row.patient_id,
        "practitioner_id": row.practitioner_id,
        "location_id": row.location_id,
        "appointment_id": row.id,
        "status": EncounterStatus.IN_PROGRESS,
        "class_code": AMBULATORY if row.mode is Mode.IN_PERSON else VIRTUAL,
        "started_at": now,
    }
    try:
        session.execute(_BEGIN, encounter)
    except IntegrityError:
        raise Conflict(rules.NOT_NOW) from None


def _change(
    session: Session, statement: Update, row: Row[Any], now: datetime, **values: Any
) -> None:
    values |= {"appointment_key": row.id, "now": now}
    if cast("CursorResult[Any]", session.execute(statement, values)).rowcount == 0:
        raise Conflict(rules.NOT_NOW)
