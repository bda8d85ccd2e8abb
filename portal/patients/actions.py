"""Registering patients and changing what is kept about them."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import Conflict
from portal.hospital import Hospital
from portal.models import Patient
from portal.models.hospital_number import give_hospital_number
from portal.models.lookup import Subject, find_patient
from portal.models.search_terms import write_search_terms
from portal.patients.demographics import Contact, Demographics, columns

CHANGED_MEANWHILE = "Somebody else changed this record while you were typing."


def register(session: Session, *, by: Actor, facts: Demographics, now: datetime) -> Patient:
    """A new patient under a new hospital number."""
    require(by, Deed.REGISTER_PATIENT)
    patient = Patient(**columns(facts), created_at=now, updated_at=now)
    give_hospital_number(session, patient)
    write_search_terms(session, [patient])
    audit.remember(
        session,
        by=by,
        deed=Deed.REGISTER_PATIENT,
        now=now,
        of=Patient.reference(patient.ref),
        patient=patient.ref,
    )
    return patient


def change_patient(
    session: Session,
    *,
    by: Actor,
    ref: str,
    version: int,
    facts: Demographics,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Replaces the demographics, if they are still those of `version`; raises `Conflict` if not."""
    deed = Deed.CHANGE_PATIENT
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    _change(session, by=by, deed=deed, subject=subject, version=version, facts=facts, now=now)


def change_contact(
    session: Session,
    *,
    by: Actor,
    ref: str,
    version: int,
    contact: Contact,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Replaces how the patient is reached, likewise; patients and those who act for them may."""
    deed = Deed.CHANGE_CONTACT
    subject = find_patient(session, by=by, deed=deed, ref=ref, hospital=hospital, now=now)
    _change(session, by=by, deed=deed, subject=subject, version=version, facts=contact, now=now)


def _change(
    session: Session,
    *,
    by: Actor,
    deed: Deed,
    subject: Subject,
    version: int,
    facts: Contact,
    now: datetime,
) -> None:
    values = columns(facts)
    before = session.execute(
        select(*(getattr(Patient, name) for name in values)).where(Patient.id == subject.id)
    ).one()
    changed = sorted(
        name for name, old in zip(values, before, strict=True) if (old or None) != values[name]
    )
    if changed:
        _overwrite(session, subject, version, values, now)
    audit.remember(
        session,
        by=by,
        deed=deed,
        now=now,
        of=subject.reference,
        patient=subject.ref,
        changed=changed,
    )


def _overwrite(
    session: Session, subject: Subject, version: int, values: dict[str, Any], now: datetime
) -> None:
    result = session.execute(
        update(Patient)
        .where(
            Patient.id == subject.id,
            Patient.version == version,
            Patient.merged_into_id.is_(None),
        )
        .values(**values, version=version + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise Conflict(CHANGED_MEANWHILE)
    patient = session.get_one(Patient, subject.id, populate_existing=True)
    write_search_terms(session, [patient])
