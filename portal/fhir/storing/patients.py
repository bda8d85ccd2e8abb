"""Patients of a bundle into rows: registered, updated, or left as reception changed them."""

from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.appointments.ending.actions import end_all
from portal.context import Context
from portal.errors import ChangedMeanwhile
from portal.fhir.facts import BundleFacts, Identifier, PatientFacts
from portal.fhir.foreign import ForeignBundle
from portal.fhir.storing.known import bearers
from portal.fhir.storing.outcome import Change, Kind, Outcome
from portal.models import Patient, PatientIdentifier
from portal.models.base import table_of
from portal.patients.registration import actions
from portal.patients.search.rules import fold

COLUMNS = select(PatientIdentifier.system, PatientIdentifier.value, PatientIdentifier.patient_id)
_INSERT_IDENTIFIER = insert(table_of(PatientIdentifier))


def store_patients(
    context: Context, facts: BundleFacts, outcome: Outcome
) -> dict[str, tuple[Patient, Change]]:
    """The bundle's patients by key, each with what was done with the record."""
    session = context.session
    asked = [identifier for one in facts.patients.values() for identifier in one.identifiers]
    known = {
        identifier: bearer.id
        for identifier, bearer in bearers(session, PatientIdentifier, COLUMNS, asked).items()
    }
    stored = {}
    for key, patient in facts.patients.items():
        there = _same(session, patient, known)
        change = _update(context, there, patient) if there else Change.ADDED
        row = there or _add(context, patient)
        _give(session, row, [one for one in patient.identifiers if one not in known])
        outcome.count(Kind.PATIENT, change)
        stored[key] = row, change
    return stored


def kept_record(session: Session, patient_id: int) -> Patient:
    """The record, or the one that it was merged into."""
    row = session.get_one(Patient, patient_id)
    while row.merged_into_id is not None:
        row = session.get_one(Patient, row.merged_into_id)
    return row


def _same(session: Session, patient: PatientFacts, known: dict[Identifier, int]) -> Patient | None:
    """The existing record. Raises `ForeignBundle` when it looks like somebody else's."""
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
    """A name or a birth date may be corrected, but rarely both at once."""
    person = patient.demographics
    named_alike = (fold(row.family), fold(row.given)) == (fold(person.family), fold(person.given))
    return named_alike or row.birth_date == person.birth_date


def _add(context: Context, patient: PatientFacts) -> Patient:
    return actions.register_imported(
        context, demographics=patient.demographics, deceased_on=patient.deceased_on
    )


def _update(context: Context, row: Patient, patient: PatientFacts) -> Change:
    """Writes what differs, unless somebody changed the record here since it was imported."""
    values = asdict(patient.demographics) | {"deceased_on": patient.deceased_on}
    if all(getattr(row, name) == value for name, value in values.items()):
        return Change.UNCHANGED
    if row.imported_at is None or row.updated_at > row.imported_at:
        return Change.KEPT
    try:
        actions.change_imported(
            context,
            patient=row,
            demographics=patient.demographics,
            deceased_on=patient.deceased_on,
        )
    except ChangedMeanwhile as fault:
        raise ForeignBundle("somebody is changing this patient just now", patient.entry) from fault
    if patient.deceased_on is not None:
        end_all(context, Deed.IMPORT_RECORDS, row.id, row.ref)
    return Change.UPDATED


def _give(session: Session, row: Patient, identifiers: list[Identifier]) -> None:
    if identifiers:
        session.execute(
            _INSERT_IDENTIFIER,
            [
                {"system": one.system, "value": one.value, "patient_id": row.id}
                for one in identifiers
            ],
        )
