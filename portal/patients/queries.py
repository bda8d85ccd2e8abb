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
from portal.models.base import Instant
from portal.models.lookup import Subject, find_patient

MOST_MEETINGS = 3
LATEST_ENCOUNTERS, MOST_ENCOUNTERS = 5, 100

Rows = Sequence[Row[*tuple[Any, ...]]]

_NOW = bindparam("now", type_=Instant())
_PATIENT_ID: Any = bindparam("patient_id")
_OPEN = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)

_DETAILS = select(
    Patient.phone,
    Patient.email,
    Patient.address,
    Patient.language,
    Patient.emergency_name,
    Patient.emergency_relationship,
    Patient.emergency_phone,
    Patient.version,
).where(Patient.id == _PATIENT_ID)

_MEETINGS = (
    select(
        Appointment.ref,
        Appointment.starts_at,
        Appointment.mode,
        Appointment.status,
        Practitioner.prefix,
        Practitioner.given,
        Practitioner.family,
        Location.name.label("location"),
    )
    .join(Practitioner, Appointment.practitioner_id == Practitioner.id)
    .join(Location, Appointment.location_id == Location.id)
    .where(Appointment.patient_id == _PATIENT_ID)
    .limit(MOST_MEETINGS)
)
_NEXT = _MEETINGS.where(Appointment.ends_at > _NOW, Appointment.status.in_(_OPEN)).order_by(
    Appointment.starts_at
)
_LAST = _MEETINGS.where(
    Appointment.ends_at <= _NOW, Appointment.status != AppointmentStatus.CANCELLED
).order_by(Appointment.starts_at.desc())

_ENCOUNTERS = (
    select(
        Encounter.started_at,
        Encounter.type_text,
        Encounter.reason_text,
        Practitioner.prefix,
        Practitioner.given,
        Practitioner.family,
        Location.name.label("location"),
    )
    .outerjoin(Practitioner, Encounter.practitioner_id == Practitioner.id)
    .outerjoin(Location, Encounter.location_id == Location.id)
    .where(Encounter.patient_id == _PATIENT_ID)
    .order_by(Encounter.started_at.desc())
    .limit(bindparam("most"))
)
_PEOPLE = (
    select(
        Patient.ref,
        Patient.given,
        Patient.family,
        Patient.birth_date,
        RelatedPerson.relationship_kind,
        RelatedPerson.ends_on,
        select(func.min(Appointment.starts_at))
        .where(
            Appointment.patient_id == Patient.id,
            Appointment.starts_at > _NOW,
            Appointment.status.in_(_OPEN),
        )
        .scalar_subquery()
        .label("next_at"),
    )
    .join(RelatedPerson, RelatedPerson.patient_id == Patient.id)
    .where(scope.acting(), Patient.merged_into_id.is_(None))
    .order_by(RelatedPerson.started_at, RelatedPerson.id)
)


@dataclass(frozen=True, slots=True)
class Record:
    """A patient as a page shows them. `encounters` is None for those who may not see the history."""

    subject: Subject
    details: Row[*tuple[Any, ...]]
    ahead: Rows
    past: Rows
    encounters: Rows | None


def open_record(
    session: Session, *, by: Actor, ref: str, hospital: Hospital, now: datetime
) -> Record:
    """The patient's record as far as `by` may see it; raises `NotFound`."""
    deed = Deed.SEE_PATIENT
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    values = {"patient_id": subject.id, "now": now}
    audit.remember(session, by=by, deed=deed, now=now, of=subject.reference, patient=subject.ref)
    return Record(
        subject,
        session.execute(_DETAILS, values).one(),
        session.execute(_NEXT, values).all(),
        session.execute(_LAST, values).all(),
        _history(session, by, subject, now),
    )


def _history(session: Session, by: Actor, subject: Subject, now: datetime) -> Rows | None:
    """A glance at the past, for clinicians; who acts for the patient has a page of its own for it."""
    if not may(by, Deed.SEE_HISTORY) or subject.acted_for_as is not None:
        return None
    return _encounters(session, by, subject, LATEST_ENCOUNTERS, now)


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
