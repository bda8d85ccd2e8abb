"""Prescribing a medicine, changing how it is taken, and stopping it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.access import Deed
from portal.context import Context
from portal.errors import Refused, Unfit
from portal.models import MedicationRequest
from portal.reach.lookup import Subject
from portal.records import recording
from portal.records.allergies.rules import speaks_against
from portal.records.medications import queries, rules
from portal.records.medications.rules import Prescription
from portal.seen import Seen

_DEED = Deed.PRESCRIBE

WHY = "Say why it is prescribed in spite of the allergy"
STOPPED_ALREADY = "This medicine was stopped already."


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The confirmed warnings, and the reason for prescribing despite an allergy."""

    of: str = ""
    reason: str = ""


def prescribe(
    context: Context,
    *,
    patient_ref: str,
    prescription: Prescription,
    confirmed: Confirmation,
    visit: str = "",
) -> str:
    """Adds a medicine; returns its reference.

    Raises `Unconfirmed` when there is an allergy to it or the patient already takes it, and `Unfit` when
    there is an allergy and no reason.
    """
    subject = context.find_patient(_DEED, patient_ref)
    rules.check(prescription, subject.birth_date, context.today)
    encounter_id = recording.open_visit(context, subject, visit)
    reason = _checked_reason(context, subject, prescription, confirmed, is_new=True)
    values = {
        **asdict(prescription),
        "prescriber_name": context.by.name,
        "allergy_reason": reason,
        "encounter_id": encounter_id,
    }
    return recording.add(context, _DEED, subject, MedicationRequest, values)


def change(
    context: Context,
    *,
    patient_ref: str,
    medicine: Seen,
    prescription: Prescription,
    confirmed: Confirmation,
) -> None:
    """Changes how a medicine is taken. Its name can't change.

    Raises `ChangedMeanwhile` when somebody was first.
    """
    subject = context.find_patient(_DEED, patient_ref)
    rules.check(prescription, subject.birth_date, context.today)
    reason = _checked_reason(context, subject, prescription, confirmed, is_new=False)
    values: dict[str, Any] = {**asdict(prescription), "allergy_reason": reason}
    recording.change(context, _DEED, subject, (MedicationRequest, medicine), values)


def stop(
    context: Context, *, patient_ref: str, medicine: Seen, stopped_on: date, reason: str
) -> None:
    """Stops a medicine. `stopped_on` is the first day without it, possibly in the future.

    Raises `ChangedMeanwhile` when somebody was first.
    """
    subject = context.find_patient(_DEED, patient_ref)
    found = queries.find(context, subject, medicine.ref)
    medicine.require(found.version)
    if found.stopped_on is not None:
        raise Refused(STOPPED_ALREADY)
    rules.check_stop(stopped_on, found.starts_on, context.today)
    values = {
        "stopped_on": stopped_on,
        "stopped_by_name": context.by.name,
        "stop_reason": reason,
    }
    recording.change(context, _DEED, subject, (MedicationRequest, medicine), values)


def mark_in_error(context: Context, *, patient_ref: str, medicine: Seen, reason: str) -> None:
    """Raises `ChangedMeanwhile` when somebody was first."""
    subject = context.find_patient(_DEED, patient_ref)
    recording.mark_in_error(context, _DEED, subject, (MedicationRequest, medicine), reason)


def _checked_reason(
    context: Context,
    subject: Subject,
    prescription: Prescription,
    confirmed: Confirmation,
    *,
    is_new: bool,
) -> str:
    """The reason to store; empty if there is no allergy to the medicine."""
    medicine = prescription.medication
    against = [one for one in queries.allergens(context, subject) if speaks_against(one, medicine)]
    warnings = [f"The patient is allergic to {substance}." for substance in against]
    if is_new:
        warnings += [
            f"{row.medication}, {row.dose}, is taken already."
            for row in queries.current(context, subject)
            if speaks_against(row.medication, medicine)
        ]
    recording.require_confirmed(tuple(warnings), confirmed.of)
    if against and not confirmed.reason:
        raise Unfit("allergy_reason", WHY)
    return confirmed.reason if against else ""
