"""A patient's future appointments, and those cancelled because they were marked as deceased."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, bindparam, or_, select

from portal.appointments.ending.rules import DIED
from portal.context import Context
from portal.models import Appointment, Location, Patient, Practitioner
from portal.models.base import Instant, table_of
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns, rows
from portal.reach.lookup import Subject
from portal.vocabulary import AppointmentStatus

_appointment, _location = table_of(Appointment), table_of(Location)
_patient, _practitioner = table_of(Patient), table_of(Practitioner)


class Meeting(NamedTuple):
    ref: str
    starts_at: datetime
    status: AppointmentStatus
    practitioner: str
    location: str


class Ahead(NamedTuple):
    version: int
    """The version of the patient's record."""
    booked: list[Meeting]
    ended: list[Meeting]
    """Future appointments that were cancelled because the patient was marked as deceased."""


_AHEAD: Select[tuple[str, datetime, AppointmentStatus, str, str]] = (
    select(
        *columns(Meeting, _appointment, practitioner=PRACTITIONER_NAME, location=_location.c.name)
    )
    .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
    .join(_location, _location.c.id == _appointment.c.location_id)
    .where(
        _appointment.c.patient_id == bindparam("patient_id"),
        _appointment.c.starts_at > bindparam("now", type_=Instant()),
        or_(
            _appointment.c.status == AppointmentStatus.BOOKED,
            and_(
                _appointment.c.status == AppointmentStatus.CANCELLED,
                _appointment.c.cancel_reason == DIED,
            ),
        ),
    )
    .order_by(_appointment.c.starts_at, _appointment.c.id)
)
_VERSION = select(_patient.c.version).where(_patient.c.id == bindparam("patient_id"))


def ahead_of(context: Context, subject: Subject) -> Ahead:
    """For a patient whom the caller has opened."""
    values = {"patient_id": subject.id, "now": context.now}
    version = context.session.execute(_VERSION, values).scalar_one()
    found = rows(context.session, Meeting, _AHEAD, values)
    booked = [one for one in found if one.status is AppointmentStatus.BOOKED]
    return Ahead(version, booked, [one for one in found if one not in booked])
