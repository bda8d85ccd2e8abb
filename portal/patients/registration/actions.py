"""Registering patients and changing their details."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select, update

from portal.access import Deed
from portal.context import Context
from portal.errors import ChangedMeanwhile
from portal.models import Patient
from portal.models.base import table_of
from portal.models.rows import changed
from portal.patients.access.acting import follow_birth_date
from portal.patients.registration.hospital_numbers import give_hospital_number
from portal.patients.registration.rules import Contact, Demographics
from portal.patients.search.terms import write_search_terms
from portal.seen import Seen

_patient = table_of(Patient)


def register(context: Context, *, demographics: Demographics) -> Patient:
    """Adds a patient with a new hospital number."""
    context.require(Deed.REGISTER_PATIENT)
    patient = _add(context, asdict(demographics))
    reference = Patient.reference(patient.ref)
    context.remember(Deed.REGISTER_PATIENT, of=reference, patient=patient.ref)
    return patient


def register_imported(
    context: Context, *, demographics: Demographics, deceased_on: date | None
) -> Patient:
    """As `register`, for an import, which adds its own audit entry."""
    context.require(Deed.IMPORT_RECORDS)
    imported = {"deceased_on": deceased_on, "imported_at": context.now}
    return _add(context, asdict(demographics) | imported)


def change_patient(context: Context, *, patient: Seen, demographics: Demographics) -> None:
    """Replaces the demographics. Raises `ChangedMeanwhile` when they changed since they were shown."""
    _change(context, Deed.CHANGE_PATIENT, patient, demographics)


def change_contact(context: Context, *, patient: Seen, contact: Contact) -> None:
    """The same for the contact details, which patients and their proxies may change too."""
    _change(context, Deed.CHANGE_CONTACT, patient, contact)


def change_imported(
    context: Context, *, patient: Patient, demographics: Demographics, deceased_on: date | None
) -> None:
    """The same for an import, which replaces an earlier import and adds its own audit entry."""
    context.require(Deed.IMPORT_RECORDS)
    imported = {"deceased_on": deceased_on, "imported_at": context.now}
    _overwrite(context, patient.id, patient.version, asdict(demographics) | imported)


def _add(context: Context, values: dict[str, Any]) -> Patient:
    patient = Patient(**values, created_at=context.now, updated_at=context.now)
    give_hospital_number(context.session, patient)
    write_search_terms(context.session, [patient])
    return patient


def _change(context: Context, deed: Deed, patient: Seen, facts: Contact | Demographics) -> None:
    subject = context.find_patient(deed, patient.ref)
    values = asdict(facts)
    before = context.session.execute(
        select(*(_patient.c[name] for name in values)).where(_patient.c.id == subject.id)
    ).one()
    differing = sorted(name for name in values if getattr(before, name) != values[name])
    if differing:
        _overwrite(context, subject.id, patient.version, values)
    context.remember(deed, of=subject.reference, patient=subject.ref, changed=differing)


def _overwrite(context: Context, patient_id: int, version: int, values: dict[str, Any]) -> None:
    as_it_was = update(_patient).where(
        _patient.c.id == patient_id,
        _patient.c.version == version,
        _patient.c.merged_into_id.is_(None),
    )
    new = as_it_was.values(**values, version=version + 1, updated_at=context.now)
    if changed(context.session, new) != 1:
        raise ChangedMeanwhile
    follow_birth_date(context, patient_id)
    patient = context.session.get_one(Patient, patient_id, populate_existing=True)
    write_search_terms(context.session, [patient])
