"""One bundle into the portal's tables, whole or not at all."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.fhir.facts import BundleFacts
from portal.fhir.storing.encounters import EncounterStore
from portal.fhir.storing.outcome import Change, Outcome
from portal.fhir.storing.patients import store_patients
from portal.fhir.storing.places import store_places
from portal.fhir.storing.practitioners import store_practitioners
from portal.models import Patient

_WRITTEN = frozenset({Change.ADDED, Change.UPDATED})


def store_bundle(session: Session, facts: BundleFacts, *, by: Actor, now: datetime) -> Outcome:
    """Writes the facts into the session's transaction, with one audit entry for each patient changed.

    Raises `ForeignBundle` when they contradict what is there; the caller then rolls back.
    """
    require(by, Deed.IMPORT_RECORDS)
    outcome = Outcome(left_out=facts.left_out)
    place_ids = store_places(session, facts, outcome)
    practitioner_ids = store_practitioners(session, facts, outcome)
    patients = store_patients(session, facts, outcome, now)
    encounters = EncounterStore(
        session,
        facts,
        patient_ids={key: row.id for key, (row, _) in patients.items()},
        practitioner_ids=practitioner_ids,
        place_ids=place_ids,
    ).store(outcome)
    changes = {row: change for row, change in patients.values() if change in _WRITTEN}
    for patient in changes | encounters:
        _remember(session, patient, changes.get(patient), encounters.get(patient, 0), by, now)
    return outcome


def _remember(
    session: Session,
    patient: Patient,
    change: Change | None,
    encounters: int,
    by: Actor,
    now: datetime,
) -> None:
    audit.remember(
        session,
        by=by,
        deed=Deed.IMPORT_RECORDS,
        now=now,
        of=Patient.reference(patient.ref),
        patient=patient.ref,
        record=(change or Change.UNCHANGED).value,
        encounters=encounters,
    )
