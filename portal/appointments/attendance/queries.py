"""The current phase of an appointment, for a day list that is out of date."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from portal.access import Relation
from portal.appointments.attendance.rules import STEP_DEEDS
from portal.appointments.rules import phase_of
from portal.context import Context
from portal.models import Appointment, Encounter, Location, Patient, Practitioner
from portal.models.base import table_of
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns, one_row
from portal.reach import scope
from portal.vocabulary import AppointmentStatus, EncounterStatus, Mode, Phase, Step

_appointment = table_of(Appointment)
_encounter = table_of(Encounter)
_patient = table_of(Patient)
_location = table_of(Location)


class Standing(NamedTuple):
    starts_at: datetime
    status: AppointmentStatus
    version: int
    mode: Mode
    encounter_status: EncounterStatus | None
    practitioner: str
    location: str
    location_ref: str
    patient_ref: str

    @property
    def phase(self) -> Phase:
        return phase_of(self.status, self.encounter_status)


@cache
def _find(relations: frozenset[Relation]) -> Select[Any]:
    others = {
        "encounter_status": _encounter.c.status,
        "practitioner": PRACTITIONER_NAME,
        "location": _location.c.name,
        "location_ref": _location.c.ref,
        "patient_ref": _patient.c.ref,
    }
    return (
        select(*columns(Standing, _appointment, **others))
        .join(Practitioner, Practitioner.id == _appointment.c.practitioner_id)
        .join(_location, _location.c.id == _appointment.c.location_id)
        .join(_patient, _patient.c.id == _appointment.c.patient_id)
        .outerjoin(_encounter, _encounter.c.appointment_id == _appointment.c.id)
        .where(_appointment.c.ref == bindparam("appointment_ref"), scope.appointments(relations))
    )


def standing(context: Context, *, step: Step, appointment_ref: str) -> Standing:
    """The current appointment, if the actor may take `step`; raises `NotFound`."""
    deed = STEP_DEEDS[step]
    values = context.reach(appointment_ref=appointment_ref)
    found = one_row(context.session, Standing, _find(context.require(deed)), values)
    of = Appointment.reference(appointment_ref)
    context.remember(deed, of=of, patient=found.patient_ref, opened=True)
    return found
