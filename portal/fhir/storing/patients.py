"""Patients of a bundle into rows: registered, brought up to date, or left as reception has them."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.fhir.facts import BundleFacts, Identifier, PatientFacts
from portal.fhir.foreign import ForeignBundle
from portal.fhir.storing.known import bearers
from portal.fhir.storing.outcome import Change, Kind, Outcome
from portal.models import Patient, PatientIdentifier
from portal.models.base import table_of
from portal.models.hospital_number import give_hospital_number
from portal.models.search_terms import write_search_terms
from portal.patients.rules import fold

COLUMNS = select(PatientIdentifier.system, PatientIdentifier.value, PatientIdentifier.patient_id)
_INSERT_IDENTIFIER = insert(table_of(PatientIdentifier))
_NO_COLUMNS = {"entry", "identifiers"}


def store_patients(
    session: Session, facts: BundleFacts, outcome: Outcome, now: datetime
) -> dict[str, tuple[Patient, Change]]:
    """The bundle's patients by key, each with what was done to the record."""
    asked = [identifier for one in facts.patients.values() for identifier in one.identifiers]
    known = {
        identifier: bearer.id
        for identifier, bearer in bearers(session, PatientIdentifier, COLUMNS, asked).items()
    }
    stored = {}
    for key, patient in facts.patients.items():
        there = _same(session, patient, known)
        change = _update(session, there, patient, now) if there else Change.ADDED
        row = there or _add(session, patient, now)
        _give(session, row, [one for one in patient.identifiers if one not in known])
        outcome.count(Kind.PATIENT, change)
        stored[key] = row, change
    written = [row for row, change in stored.values() if change in (Change.ADDED, Change.UPDATED)]
    write_search_terms(session, written)
    return stored


def kept_record(session: Session, patient_id: int) -> Patient:
    """The record, or the one that it was merged into."""
    row = session.get_one(Patient, patient_id)
    while row.merged_into_id is not None:
        row = session.get_one(Patient, row.merged_into_id)
    return row


def _same(session: Session, patient: PatientFacts, known: dict[Identifier, int]) -> Patient | None:
    """Whose record it is already; raises `ForeignBundle` when it looks like somebody else's."""
    rows = {
        (kept := kept_record(session, known[identifier])).id: kept
        for identifier in patient.identifiers
        if identifier in known
    }
    if len(rows) > 1:
        raise ForeignBundle("its identifiers belong to two different patients", patient.entry)
    row = next(iter(rows.values()), None)
    if row and not _is_plausibly(row, patient):
        shared = next(one.system for one in patient.identifiers if one in known)
        raise ForeignBundle(
            "it has an identifier that already belongs to a different person, by name and birth"
            f" date (system {shared})",
            patient.entry,
        )
    return row


def _is_plausibly(row: Patient, patient: PatientFacts) -> bool:
    """A name or a birth date may be corrected, but hardly both at once."""
    named_alike = (fold(row.family), fold(row.given)) == (fold(patient.family), fold(patient.given))
    return named_alike or row.birth_date == patient.birth_date


def _add(session: Session, patient: PatientFacts, now: datetime) -> Patient:
    row = Patient(**_columns(patient), created_at=now, updated_at=now, imported_at=now)
    give_hospital_number(session, row)
    return row


def _update(session: Session, row: Patient, patient: PatientFacts, now: datetime) -> Change:
    """Writes what differs, unless somebody changed the record here since it was imported."""
    differing = {
        name: value for name, value in _columns(patient).items() if getattr(row, name) != value
    }
    if not differing:
        return Change.UNCHANGED
    if row.imported_at is None or row.updated_at > row.imported_at:
        return Change.KEPT
    written: Any = session.execute(
        update(Patient)
        .where(Patient.id == row.id, Patient.version == row.version)
        .values(**differing, version=row.version + 1, updated_at=now, imported_at=now)
        .execution_options(synchronize_session=False)
    )
    if written.rowcount != 1:
        raise ForeignBundle("somebody is changing this patient just now", patient.entry)
    session.refresh(row)
    return Change.UPDATED


def _columns(patient: PatientFacts) -> dict[str, Any]:
    return {
        field.name: getattr(patient, field.name)
        for field in fields(patient)
        if field.name not in _NO_COLUMNS
    }


def _give(session: Session, row: Patient, identifiers: list[Identifier]) -> None:
    if identifiers:
        session.execute(
            _INSERT_IDENTIFIER,
            [
                {"system": one.system, "value": one.value, "patient_id": row.id}
                for one in identifiers
            ],
        )
