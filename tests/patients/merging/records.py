"""Two records of one person, each with something of every kind; merging them and undoing it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.models import AccountCode, Patient, PatientIdentifier, PatientMerge, new_ref
from portal.patients.merging import actions
from portal.patients.merging.belongings import moving_tables
from portal.seen import Seen
from portal.vocabulary import Relationship
from tests.builders import (
    NOW,
    a_document,
    a_hold,
    a_location,
    a_medicine,
    a_note,
    a_practitioner,
    a_problem,
    a_report,
    a_slot,
    a_version,
    a_wait,
    an_account,
    an_allergy,
    an_appointment,
    an_emergency_access,
    an_encounter,
    context_for,
    relate,
    seen_now,
    vital_signs,
)

LATER = NOW + timedelta(hours=1)


@dataclass
class Two:
    """Two records of one person, each with something of every kind."""

    reception: Actor
    kept: Patient
    merged: Patient


def give_belongings(session: Session, patient: Patient) -> None:
    practitioner, location = a_practitioner(session), a_location(session)
    appointment = an_appointment(session, patient, a_slot(session, practitioner, location))
    a_document(session, patient)
    encounter = an_encounter(session, appointment)
    a_note(session, encounter, an_account(session, Role.DOCTOR))
    a_version(session, an_allergy(session, patient))
    a_problem(session, patient)
    a_medicine(session, patient)
    vital_signs(session, patient)
    a_hold(session, a_report(session, patient))
    a_wait(session, patient)
    an_emergency_access(session, patient)
    session.add_all(
        (
            PatientIdentifier(system="urn:other", value=new_ref(), patient_id=patient.id),
            AccountCode(
                patient_id=patient.id,
                code_hash=new_ref(),
                relationship_kind=Relationship.ONESELF,
                created_at=NOW,
                expires_at=NOW,
            ),
        )
    )
    relate(session, an_account(session, Role.PATIENT), patient, Relationship.CARER)
    session.flush()


def merge(session: Session, two: Two, versions: tuple[int, int] = (1, 1)) -> None:
    actions.merge(
        context_for(session, two.reception),
        kept=Seen(two.kept.ref, versions[0]),
        merged=Seen(two.merged.ref, versions[1]),
        reason="Same passport",
    )


def undo(session: Session, two: Two) -> int:
    row = session.scalars(select(PatientMerge).order_by(PatientMerge.id.desc())).first()
    assert row is not None
    return actions.undo(
        context_for(session, two.reception, LATER), patient=seen_now(two.kept), merge_ref=row.ref
    )


def belongings(session: Session, patient: Patient) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).where(table.c.patient_id == patient.id))
        or 0
        for table in moving_tables()
    }


EACH_ONE = {
    "account_code": 1,
    "allergy_intolerance": 1,
    "appointment": 1,
    "document_reference": 1,
    "emergency_access": 1,
    "encounter": 1,
    "medication_request": 1,
    "no_known_allergies": 0,
    "note": 1,
    "observation": 2,
    "observation_panel": 2,
    "patient_condition": 1,
    "patient_identifier": 1,
    "record_version": 1,
    "related_person": 1,
    "result_hold": 1,
    "result_wait": 1,
}


TWICE = {name: 2 * count for name, count in EACH_ONE.items()}
