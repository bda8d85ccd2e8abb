"""What a patient's own pages show: who they act for, the nearest appointments, past visits."""

import operator
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from portal.access import Deed
from portal.appointments.rules import must_be_rebooked
from portal.context import Context
from portal.models import (
    Appointment,
    Encounter,
    Location,
    Patient,
    Practitioner,
    RelatedPerson,
    Slot,
)
from portal.models.base import Instant, table_of
from portal.models.paging import beyond, key_values
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns, one_row, rows
from portal.patients.registration.queries import Kept, kept_of
from portal.reach import scope
from portal.reach.lookup import Subject
from portal.vocabulary import AppointmentStatus, Mode, Relationship, SlotStatus
from portal.words import name_of

MOST_MEETINGS = 3
LATEST_VISITS, VISITS_ON_A_PAGE = 5, 50

_appointment, _encounter, _location = map(table_of, (Appointment, Encounter, Location))
_patient, _practitioner, _related_person = map(table_of, (Patient, Practitioner, RelatedPerson))
_slot = table_of(Slot)

_NOW = bindparam("now", type_=Instant())
_PATIENT_ID = bindparam("patient_id", type_=_patient.c.id.type)
_OPEN = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)


class Meeting(NamedTuple):
    """One of the nearest appointments."""

    ref: str
    starts_at: datetime
    mode: Mode
    status: AppointmentStatus
    slot_status: SlotStatus
    practitioner: str
    location: str

    @property
    def must_be_rebooked(self) -> bool:
        return must_be_rebooked(self.status, self.slot_status)


class Visit(NamedTuple):
    """A past visit (FHIR Encounter)."""

    ref: str
    started_at: datetime
    type_text: str
    reason_text: str
    practitioner: str | None
    location: str | None


class Visits(NamedTuple):
    """A page of past visits, newest first."""

    rows: Sequence[Visit]
    older: str | None
    """The last visit of this page, if there are older ones: where the next page begins."""


class _Key(NamedTuple):
    """The sort key of past visits."""

    started_at: datetime
    id: int


class Person(NamedTuple):
    """The actor, or a patient for whom the actor acts."""

    ref: str
    given: str
    family: str
    birth_date: date
    relationship_kind: Relationship
    ends_on: date | None
    next_at: datetime | None

    @property
    def name(self) -> str:
        return name_of(self.given, self.family)


class Record(NamedTuple):
    """A patient as staff see them. `visits` is None for those who may not see the history."""

    kept: Kept
    ahead: list[Meeting]
    past: list[Meeting]
    visits: list[Visit] | None


_MEETINGS = (
    select(
        *columns(
            Meeting,
            _appointment,
            slot_status=_slot.c.status,
            practitioner=PRACTITIONER_NAME,
            location=_location.c.name,
        )
    )
    .join(_slot, _appointment.c.slot_id == _slot.c.id)
    .join(_practitioner, _appointment.c.practitioner_id == _practitioner.c.id)
    .join(_location, _appointment.c.location_id == _location.c.id)
    .where(_appointment.c.patient_id == _PATIENT_ID)
    .limit(MOST_MEETINGS)
)
_AHEAD = _MEETINGS.where(_appointment.c.ends_at > _NOW, _appointment.c.status.in_(_OPEN)).order_by(
    _appointment.c.starts_at
)
_PAST = _MEETINGS.where(
    _appointment.c.ends_at <= _NOW, _appointment.c.status != AppointmentStatus.CANCELLED
).order_by(_appointment.c.starts_at.desc())

_KEY = (_encounter.c.started_at, _encounter.c.id)
_VISITS = (
    select(*columns(Visit, _encounter, practitioner=PRACTITIONER_NAME, location=_location.c.name))
    .outerjoin(_practitioner, _encounter.c.practitioner_id == _practitioner.c.id)
    .outerjoin(_location, _encounter.c.location_id == _location.c.id)
    .where(_encounter.c.patient_id == _PATIENT_ID)
    .order_by(*(column.desc() for column in _KEY))
    .limit(bindparam("most"))
)
_OLDER = _VISITS.where(beyond(_KEY, operator.lt))
_KEY_OF = select(*columns(_Key, _encounter)).where(
    _encounter.c.patient_id == _PATIENT_ID, _encounter.c.ref == bindparam("ref")
)
_NEXT_AT = (
    select(func.min(_appointment.c.starts_at))
    .where(
        _appointment.c.patient_id == _patient.c.id,
        _appointment.c.starts_at > _NOW,
        _appointment.c.status.in_(_OPEN),
    )
    .scalar_subquery()
)
_ACTS_AS = {
    "relationship_kind": _related_person.c.relationship_kind,
    "ends_on": _related_person.c.ends_on,
}
_PEOPLE = (
    select(*columns(Person, _patient, next_at=_NEXT_AT, **_ACTS_AS))
    .join(_related_person, _related_person.c.patient_id == _patient.c.id)
    .where(scope.acting(), _patient.c.merged_into_id.is_(None))
    .order_by(_related_person.c.started_at, _related_person.c.id)
)


def people(context: Context) -> list[Person]:
    """All patients for whom the actor may act today, with the start of their next appointment."""
    context.require(Deed.SEE_PEOPLE)
    found = rows(context.session, Person, _PEOPLE, context.reach(now=context.now))
    context.remember(Deed.SEE_PEOPLE, people=len(found))
    return found


def meetings_ahead(context: Context, subject: Subject) -> list[Meeting]:
    """The next few appointments of a patient whom the caller has opened."""
    return _meetings(context, _AHEAD, subject)


def _meetings(context: Context, statement: Select[Any], subject: Subject) -> list[Meeting]:
    values = {"patient_id": subject.id, "now": context.now}
    return rows(context.session, Meeting, statement, values)


def record_of(context: Context, subject: Subject) -> Record:
    """The parts of the chart that the actor may see, for a patient whom the caller has opened."""
    visits = None
    if context.may(Deed.SEE_HISTORY):
        context.remember(Deed.SEE_HISTORY, of=subject.reference, patient=subject.ref)
        visits = _visits(context, _VISITS, subject, most=LATEST_VISITS)
    return Record(
        kept_of(context, subject),
        meetings_ahead(context, subject),
        _meetings(context, _PAST, subject),
        visits,
    )


def past_visits(context: Context, subject: Subject, *, before: str | None = None) -> Visits:
    """The newest visits of a patient whom the caller has opened, or those `before` another visit.

    Raises `NotFound` when `before` is not a visit of this patient.
    """
    statement, key = _VISITS, {}
    if before is not None:
        values = {"patient_id": subject.id, "ref": before}
        statement = _OLDER
        key = key_values(one_row(context.session, _Key, _KEY_OF, values))
    found = _visits(context, statement, subject, most=VISITS_ON_A_PAGE + 1, **key)
    shown = found[:VISITS_ON_A_PAGE]
    return Visits(shown, shown[-1].ref if len(found) > len(shown) else None)


def _visits(
    context: Context, statement: Select[Any], subject: Subject, **values: Any
) -> list[Visit]:
    return rows(context.session, Visit, statement, {"patient_id": subject.id, **values})
