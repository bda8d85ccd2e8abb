"""The steps of an appointment on its day: check in, start, finish, mark as missed, and undo.

"In consultation" is an appointment that is `arrived` with an Encounter in progress. The row is locked when it
is read, and each UPDATE compares the version.
"""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Update, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.access import Relation
from portal.appointments.attendance import rules
from portal.appointments.rules import phase_of
from portal.context import Context
from portal.errors import ChangedMeanwhile
from portal.models import Appointment, Encounter, Location, Patient, new_ref
from portal.models.base import Instant, table_of
from portal.models.rows import changed, columns, one_row
from portal.reach import scope
from portal.seen import Seen
from portal.vocabulary import AppointmentStatus, EncounterStatus, Mode, Phase, Step

AMBULATORY, VIRTUAL = "AMB", "VR"
"""HL7 v3 ActEncounterCode."""

_appointment = table_of(Appointment)
_encounter = table_of(Encounter)
_patient = table_of(Patient)
_location = table_of(Location)


class Place(NamedTuple):
    """The clinic, time and patient of a step, for the redirect afterwards."""

    location_ref: str
    starts_at: datetime
    patient_ref: str


class _Attended(NamedTuple):
    """The appointment that a step is about, locked."""

    id: int
    patient_id: int
    practitioner_id: int
    location_id: int
    starts_at: datetime
    status: AppointmentStatus
    mode: Mode
    version: int
    encounter_status: EncounterStatus | None
    patient_ref: str
    location_ref: str

    @property
    def standing(self) -> rules.Standing:
        phase = phase_of(self.status, self.encounter_status)
        return rules.Standing(phase, self.mode, self.starts_at)


# Subqueries take no locks, so checking in does not block others in the clinic.
_PATIENT_REF = select(_patient.c.ref).where(_patient.c.id == _appointment.c.patient_id)
_LOCATION_REF = select(_location.c.ref).where(_location.c.id == _appointment.c.location_id)


@cache
def _find(relations: frozenset[Relation]) -> Select[Any]:
    found = columns(
        _Attended,
        _appointment,
        encounter_status=_encounter.c.status,
        patient_ref=_PATIENT_REF.scalar_subquery(),
        location_ref=_LOCATION_REF.scalar_subquery(),
    )
    return (
        select(*found)
        .outerjoin(_encounter, _encounter.c.appointment_id == _appointment.c.id)
        .where(_appointment.c.ref == bindparam("appointment_ref"), scope.appointments(relations))
        .with_for_update()
    )


_NOW = bindparam("now", type_=Instant())
_SET_STATUS: Update = (
    update(_appointment)
    .where(
        _appointment.c.id == bindparam("appointment_key"),
        _appointment.c.version == bindparam("seen_version"),
    )
    .values(
        status=bindparam("target", type_=_appointment.c.status.type),
        version=_appointment.c.version + 1,
        updated_at=_NOW,
    )
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


def take_step(context: Context, *, step: Step, appointment: Seen) -> Place:
    """Moves the appointment one step forward (or back), on its own day.

    Raises `NotFound`, `ChangedMeanwhile` when it changed since it was shown, or `Refused`.
    """
    deed = rules.STEP_DEEDS[step]
    values = context.reach(appointment_ref=appointment.ref)
    found = one_row(context.session, _Attended, _find(context.require(deed)), values)
    appointment.require(found.version)
    rules.require_open(step, found.standing, context.hospital, context.now)
    if step is Step.START:
        _begin_encounter(context, found)
    if step is Step.FINISH:
        _change(context, _FINISH, found)
    target = _STATUS[rules.TRANSITIONS[step].target]
    _change(context, _SET_STATUS, found, seen_version=found.version, target=target)
    of = Appointment.reference(appointment.ref)
    context.remember(deed, of=of, patient=found.patient_ref, step=step.value)
    return Place(found.location_ref, found.starts_at, found.patient_ref)


def _begin_encounter(context: Context, found: _Attended) -> None:
    encounter = {
        "ref": new_ref(),
        "patient_id": found.patient_id,
        "practitioner_id": found.practitioner_id,
        "location_id": found.location_id,
        "appointment_id": found.id,
        "status": EncounterStatus.IN_PROGRESS,
        "class_code": AMBULATORY if found.mode is Mode.IN_PERSON else VIRTUAL,
        "started_at": context.now,
    }
    try:
        context.session.execute(_BEGIN, encounter)
    except IntegrityError:
        raise ChangedMeanwhile from None


def _change(context: Context, statement: Update, found: _Attended, **values: Any) -> None:
    values |= {"appointment_key": found.id, "now": context.now}
    if changed(context.session, statement, values) == 0:
        raise ChangedMeanwhile
