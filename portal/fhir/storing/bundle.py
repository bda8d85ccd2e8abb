"""One bundle into the portal's tables, completely or not at all."""

from portal.access import Deed
from portal.context import Context
from portal.fhir.facts import BundleFacts
from portal.fhir.storing.encounters import Stored, store_encounters
from portal.fhir.storing.outcome import Change, Outcome
from portal.fhir.storing.patients import store_patients
from portal.fhir.storing.places import store_places
from portal.fhir.storing.practitioners import store_practitioners
from portal.models import Patient

_WRITTEN = frozenset({Change.ADDED, Change.UPDATED})


def store_bundle(context: Context, facts: BundleFacts) -> Outcome:
    """Writes the facts into the transaction, with one audit entry for each changed patient.

    Raises `ForeignBundle` when they contradict what is there; the caller then rolls back.
    """
    context.require(Deed.IMPORT_RECORDS)
    outcome = Outcome(left_out=facts.left_out)
    place_ids = store_places(context, facts, outcome)
    practitioner_ids = store_practitioners(context, facts, outcome)
    patients = store_patients(context, facts, outcome)
    patient_ids = {key: row.id for key, (row, _) in patients.items()}
    written = store_encounters(
        context, facts, Stored(patient_ids, practitioner_ids, place_ids), outcome
    )
    changes = {row: change for row, change in patients.values() if change in _WRITTEN}
    for patient in changes | written:
        context.remember(
            Deed.IMPORT_RECORDS,
            of=Patient.reference(patient.ref),
            patient=patient.ref,
            record=changes.get(patient, Change.UNCHANGED).value,
            encounters=written.get(patient, 0),
        )
    return outcome
