"""Entries in a patient's record."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.models import (
    Account,
    AllergyIntolerance,
    Condition,
    Encounter,
    MedicationRequest,
    Note,
    Observation,
    ObservationPanel,
    Patient,
    RecordVersion,
    ResultHold,
    ResultWait,
)
from portal.records.allergies.rules import substance_key
from portal.records.observations.rules import BY_CODE
from portal.records.panels.rules import BY_CODE as ANALYTES
from portal.records.panels.rules import LOINC
from portal.records.rules import key_of
from portal.vocabulary import (
    AdministrationRoute,
    AllergyCategory,
    ClinicalStatus,
    CompositionStatus,
    ObservationCategory,
    VerificationStatus,
)
from tests.builders.rows import NOW, added, serial

RECORDED = {
    "recorded_at": NOW,
    "recorded_by": "0" * 20,
    "recorded_by_name": "Dr Grace Lindqvist",
    "changed_at": NOW,
    "changed_by_name": "Dr Grace Lindqvist",
}


def an_allergy(
    session: Session, patient: Patient, substance: str | None = None, **facts: Any
) -> AllergyIntolerance:
    """An active, confirmed allergy to a medicine."""
    substance = substance or f"Substance {next(serial)}"
    defaults = {
        "category": AllergyCategory.MEDICATION,
        "verification_status": VerificationStatus.CONFIRMED,
        "clinical_status": ClinicalStatus.ACTIVE,
    }
    row = AllergyIntolerance(
        patient_id=patient.id,
        substance=substance,
        substance_key=substance_key(substance),
        **{**RECORDED, **defaults, **facts},
    )
    return added(session, row)


def a_problem(
    session: Session, patient: Patient, name: str | None = None, **facts: Any
) -> Condition:
    name = name or f"Problem {next(serial)}"
    defaults = {
        "verification_status": VerificationStatus.CONFIRMED,
        "clinical_status": ClinicalStatus.ACTIVE,
    }
    row = Condition(
        patient_id=patient.id,
        name=name,
        problem_key=key_of(name),
        **{**RECORDED, **defaults, **facts},
    )
    return added(session, row)


def a_medicine(
    session: Session, patient: Patient, medication: str | None = None, **facts: Any
) -> MedicationRequest:
    """A medicine that the patient takes today."""
    defaults = {
        "medication": medication or f"Medicine {next(serial)}",
        "dose": "1 tablet",
        "route": AdministrationRoute.ORAL,
        "frequency": "once a day",
        "starts_on": date(2026, 1, 5),
        "prescriber_name": "Dr Grace Lindqvist",
    }
    return added(
        session, MedicationRequest(patient_id=patient.id, **{**RECORDED, **defaults, **facts})
    )


def vital_signs(
    session: Session, patient: Patient, numbers: dict[str, str] | None = None, **facts: Any
) -> ObservationPanel:
    """A set of vital signs: LOINC code → value."""
    defaults = {
        "category": ObservationCategory.VITAL_SIGNS,
        "title": "Vital signs",
        "effective_at": NOW,
    }
    panel = added(
        session, ObservationPanel(patient_id=patient.id, **{**RECORDED, **defaults, **facts})
    )
    for code, value in (numbers or {"8867-4": "72"}).items():
        session.add(
            Observation(
                patient_id=patient.id,
                panel_id=panel.id,
                code_system=LOINC,
                code=code,
                name=BY_CODE[code].name,
                value=value,
                unit=BY_CODE[code].unit,
                effective_at=panel.effective_at,
            )
        )
    session.flush()
    return panel


def a_report(
    session: Session, patient: Patient, numbers: dict[str, str] | None = None, **facts: Any
) -> ObservationPanel:
    """A kidney and electrolyte panel: LOINC code → result in mmol/L, such as `4.10` or `<0.5`."""
    defaults = {
        "category": ObservationCategory.LABORATORY,
        "title": "Kidneys, salts and glucose",
        "panel_key": "kidneys-and-salts",
        "effective_at": NOW,
    }
    panel = added(
        session, ObservationPanel(patient_id=patient.id, **{**RECORDED, **defaults, **facts})
    )
    for code, typed in (numbers or {"2823-3": "4.10"}).items():
        value = typed.lstrip("<>=")
        row = Observation(
            patient_id=patient.id,
            panel_id=panel.id,
            code_system=LOINC,
            code=code,
            name=ANALYTES[code].name,
            comparator=typed.removesuffix(value),
            value=value,
            unit="mmol/L",
            effective_at=panel.effective_at,
        )
        added(session, row)
    return panel


def a_hold(session: Session, panel: ObservationPanel, **facts: Any) -> ResultHold:
    """Hides the report from its patient for a week."""
    defaults = {
        "reason": "I will call her first",
        "held_at": NOW,
        "held_by": "0" * 20,
        "held_by_name": "Dr Grace Lindqvist",
        "ends_at": NOW + timedelta(days=7),
    }
    row = ResultHold(patient_id=panel.patient_id, panel_id=panel.id, **{**defaults, **facts})
    return added(session, row)


def a_wait(session: Session, patient: Patient, **facts: Any) -> ResultWait:
    """The patient wants a conversation before they see results."""
    defaults = {"chosen_at": NOW - timedelta(days=1), "chosen_by_name": "The patient"}
    return added(session, ResultWait(patient_id=patient.id, **{**defaults, **facts}))


def a_version(session: Session, row: Any) -> RecordVersion:
    """The first version of a row from a builder."""
    version = RecordVersion(
        patient_id=row.patient_id,
        item=type(row).__name__,
        item_ref=row.ref,
        version=1,
        content={"note": "As it was."},
        at=NOW,
        by_ref="0" * 20,
        by_name="Dr Grace Lindqvist",
    )
    return added(session, version)


def a_note(session: Session, encounter: Encounter, author: Account, **facts: Any) -> Note:
    """A signed note about the visit."""
    defaults = {
        "status": CompositionStatus.FINAL,
        "body": "Feels well. No change.",
        "written_at": NOW,
        "saved_at": NOW,
        "signed_at": NOW,
    }
    row = Note(
        patient_id=encounter.patient_id,
        encounter_id=encounter.id,
        author_account_id=author.id,
        author_name=author.name,
        author_role="Doctor",
        **{**defaults, **facts},
    )
    return added(session, row)
