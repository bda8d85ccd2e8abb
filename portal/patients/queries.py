"""What the pages about a patient show. Every read here leaves its entry in the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, may, require
from portal.hospital import Hospital
from portal.models import (
    Appointment,
    AppointmentStatus,
    Encounter,
    Location,
    Patient,
    Practitioner,
    RelatedPerson,
    scope,
)
from portal.models.base import Instant, table_of
from portal.models.lookup import Subject, find_patient
from portal.models.practitioners import PRACTITIONER_NAME

MOST_MEETINGS = 3
LATEST_ENCOUNTERS, MOST_ENCOUNTERS = 5, 100

Rows = Sequence[Row[*tuple[Any, ...]]]

_appointment = table_of(Appointment)
_encounter = table_of(Encounter)
_location = table_of(Location)
_patient = table_of(Patient)
_practitioner = table_of(Practitioner)
_related_person = table_of(RelatedPerson)

_NOW = bindparam("now", type_=Instant())
_PATIENT_ID: Any = bindparam("patient_id")
_OPEN = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)

_DETAILS = select(
    _patient.c.phone,
    _patient.c.email,
    _patient.c.address,
    _patient.c.language,
    _patient.c.emergency_name,
    _patient.c.emergency_relationship,
    _patient.c.emergency_phone,
    _patient.c.version,
).where(_patient.c.id == _PATIENT_ID)

_MEETINGS = (
    select(
        _appointment.c.ref,
        _appointment.c.starts_at,
        _appointment.c.mode,
        _appointment.c.status,
        PRACTITIONER_NAME,
        _location.c.name.label("location"),
    )
    .join(_practitioner, _appointment.c.practitioner_id == _practitioner.c.id)
    .join(_location, _appointment.c.location_id == _location.c.id)
    .where(_appointment.c.patient_id == _PATIENT_ID)
    .limit(MOST_MEETINGS)
)
_NEXT = _MEETINGS.where(_appointment.c.ends_at > _NOW, _appointment.c.status.in_(_OPEN)).order_by(
    _appointment.c.starts_at
)
_LAST = _MEETINGS.where(
    _appointment.c.ends_at <= _NOW, _appointment.c.status != AppointmentStatus.CANCELLED
).order_by(_appointment.c.starts_at.desc())

_ENCOUNTERS = (
    select(
        _encounter.c.started_at,
        _encounter.c.type_text,
        _encounter.c.reason_text,
        PRACTITIONER_NAME,
        _location.c.name.label("location"),
    )
    .outerjoin(_practitioner, _encounter.c.practitioner_id == _practitioner.c.id)
    .outerjoin(_location, _encounter.c.location_id == _location.c.id)
    .where(_encounter.c.patient_id == _PATIENT_ID)
    .order_by(_encounter.c.started_at.desc())
    .limit(bindparam("most"))
)
_PEOPLE = (
    select(
        _patient.c.ref,
        _patient.c.given,
        _patient.c.family,
        _patient.c.birth_date,
        _related_person.c.relationship_kind,
        _related_person.c.ends_on,
        select(func.min(_appointment.c.starts_at))
        .where(
            _appointment.c.patient_id == _patient.c.id,
            _appointment.c.starts_at > _NOW,
            _appointment.c.status.in_(_OPEN),
        )
        .scalar_subquery()
        .label("next_at"),
    )
    .join(_related_person, _related_person.c.patient_id == _patient.c.id)
    .where(scope.acting(), _patient.c.merged_into_id.is_(None))
    .order_by(_related_person.c.started_at, _related_person.c.id)
)


@dataclass(frozen=True, slots=True)
class Record:
    """A patient as staff see them. `encounters` is None for those who may not see the history."""

    details: Row[*tuple[Any, ...]]
    ahead: Rows
    past: Rows
    encounters: Rows | None


def open_patient(
    session: Session, *, by: Actor, ref: str, hospital: Hospital, now: datetime
) -> Subject:
    """The patient whose page `by` opens; raises `NotFound`."""
    deed = Deed.SEE_PATIENT
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    audit.remember(session, by=by, deed=deed, now=now, of=subject.reference, patient=subject.ref)
    return subject


def meetings_ahead(session: Session, subject: Subject, now: datetime) -> Rows:
    """The next few appointments of a patient whom the caller has opened."""
    return session.execute(_NEXT, {"patient_id": subject.id, "now": now}).all()


def record_of(session: Session, subject: Subject, *, by: Actor, now: datetime) -> Record:
    """The record of a patient whom the caller has opened, as far as `by` may see it."""
    values = {"patient_id": subject.id, "now": now}
    sees_history = may(by, Deed.SEE_HISTORY)
    return Record(
        session.execute(_DETAILS, values).one(),
        meetings_ahead(session, subject, now),
        session.execute(_LAST, values).all(),
        _encounters(session, by, subject, LATEST_ENCOUNTERS, now) if sees_history else None,
    )


def open_history(
    session: Session, *, by: Actor, ref: str, hospital: Hospital, now: datetime
) -> tuple[Subject, Rows]:
    """The patient and their latest encounters, newest first; raises `NotFound`."""
    deed = Deed.SEE_HISTORY
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    return subject, _encounters(session, by, subject, MOST_ENCOUNTERS, now)


def _encounters(session: Session, by: Actor, subject: Subject, most: int, now: datetime) -> Rows:
    audit.remember(
        session,
        by=by,
        deed=Deed.SEE_HISTORY,
        now=now,
        of=subject.reference,
        patient=subject.ref,
    )
    return session.execute(_ENCOUNTERS, {"patient_id": subject.id, "most": most}).all()


def people(session: Session, *, by: Actor, hospital: Hospital, now: datetime) -> Rows:
    """Everybody for whom the actor may act today, with the start of their next appointment."""
    require(by, Deed.SEE_PEOPLE)
    values = scope.parameters(by, hospital, now) | {"now": now}
    rows = session.execute(_PEOPLE, values).all()
    audit.remember(session, by=by, deed=Deed.SEE_PEOPLE, now=now, people=len(rows))
    return rows


def open_details(
    session: Session, *, by: Actor, deed: Deed, ref: str, hospital: Hospital, now: datetime
) -> tuple[Subject, Row[*tuple[Any, ...]]]:
    """What is kept about the patient, to be shown in the form of `deed`; raises `NotFound`."""
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    audit.remember(
        session,
        by=by,
        deed=deed,
        now=now,
        of=subject.reference,
        patient=subject.ref,
        opened="form",
    )
    return subject, session.execute(_DETAILS, {"patient_id": subject.id}).one()
