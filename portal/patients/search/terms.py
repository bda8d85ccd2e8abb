"""Keeps the search terms up to date."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.models.base import table_of
from portal.models.patients import Patient, PatientSearchTerm
from portal.patients.search import rules

_INSERT = insert(table_of(PatientSearchTerm))


def write_search_terms(session: Session, patients: Sequence[Patient]) -> None:
    """Rewrites the terms of these patients, in a few statements for all of them.

    Call it in the transaction that registers or changes them, once they have ids. A merged record has no
    terms; its hospital number finds the record that was kept.
    """
    ids = [patient.id for patient in patients]
    if not ids:
        return
    session.execute(delete(PatientSearchTerm).where(PatientSearchTerm.patient_id.in_(ids)))
    numbers = _numbers_merged_into(session, ids)
    rows = [
        {"term": term, "patient_id": patient.id}
        for patient in patients
        if patient.merged_into_id is None
        for term in sorted(_terms_of(patient, numbers.get(patient.id, ())))
    ]
    if rows:
        session.execute(_INSERT, rows)


def _terms_of(patient: Patient, further_numbers: Iterable[str]) -> set[str]:
    terms = rules.search_terms(
        family=patient.family,
        given=patient.given,
        birth_date=patient.birth_date,
        hospital_number=patient.hospital_number,
        phone=patient.phone,
    )
    return {*terms, *(f"{rules.NUMBERED}{number}" for number in further_numbers)}


def _numbers_merged_into(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Hospital numbers of the records that were merged into these, directly or through another."""
    numbers: dict[int, list[str]] = {}
    kept_by = {one: one for one in ids}
    frontier = list(ids)
    while frontier:
        rows: Sequence[Any] = session.execute(
            select(Patient.id, Patient.merged_into_id, Patient.hospital_number).where(
                Patient.merged_into_id.in_(frontier)
            )
        ).all()
        for merged_id, into_id, number in rows:
            kept_by[merged_id] = kept_by[into_id]
            numbers.setdefault(kept_by[into_id], []).append(number)
        frontier = [row.id for row in rows]
    return numbers
