"""Fills every list of the portal with more of the same."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Appointment, Location, Patient, Practitioner
from portal.vocabulary import ClinicalStatus, CompositionStatus, Relationship, Scan
from tests.builders import (
    a_clinician,
    a_document,
    a_hold,
    a_location,
    a_medicine,
    a_note,
    a_patient,
    a_problem,
    a_report,
    a_schedule,
    a_slot,
    an_account,
    an_allergy,
    an_encounter,
    relate,
    vital_signs,
)
from tests.laws.access_matrix import OWN, World
from tests.laws.world_rows import a_failed_notice, a_leave, a_merge, booked_ahead


def crowd(session: Session, world: World, times: int) -> None:
    """Fills every list of the portal with more of the same, for the people who own something."""
    here = session.get_one(Location, _id_of(session, Location, world, "location_ref"))
    practitioner = session.get_one(
        Practitioner, _id_of(session, Practitioner, world, "practitioner_ref")
    )
    own = session.get_one(Patient, _id_of(session, Patient, world, "patient_ref"))
    for number in range(times):
        someone = a_patient(session)
        for patient, ahead in ((own, timedelta(days=3)), (someone, timedelta(hours=1))):
            later = ahead + timedelta(minutes=20 * number)
            appointment = booked_ahead(session, patient, practitioner, here, later)
            a_failed_notice(session, appointment)
        a_slot(
            session,
            practitioner,
            here,
            starts_at=datetime.now(UTC) + timedelta(days=5, minutes=20 * number),
        )
        relate(session, world.accounts[Role.PATIENT], someone, Relationship.CARER)
        relate(session, an_account(session, Role.PATIENT), own, Relationship.CARER)
        a_clinician(session, Role.DOCTOR, [a_location(session), here])
        a_schedule(session, practitioner, here, weekday=number % 7)
        a_merge(session, own)
        a_leave(session, practitioner)
        _fill_record(session, world, own, booked_ahead(session, own, practitioner, here, -later))
        a_document(session, own, damaged_at=datetime.now(UTC) if number % 2 else None)
        a_document(session, someone, scan=Scan.REJECTED, scan_result="A virus was found in it.")


def _fill_record(
    session: Session, world: World, patient: Patient, appointment: Appointment
) -> None:
    encounter = an_encounter(session, appointment)
    an_allergy(session, patient)
    a_problem(session, patient)
    a_problem(session, patient, clinical_status=ClinicalStatus.RESOLVED)
    a_medicine(session, patient)
    a_medicine(session, patient, stopped_on=date(2026, 2, 1), stop_reason="No longer needed")
    vital_signs(session, patient, {"8867-4": "80", "29463-7": "72.50"})
    a_report(session, patient, {"2823-3": "6.10", "2951-2": "<130"})
    a_hold(session, a_report(session, patient), ends_at=datetime.now(UTC) + timedelta(days=1))
    doctor = world.accounts[Role.DOCTOR]
    a_note(session, encounter, doctor)
    a_note(session, encounter, doctor, status=CompositionStatus.PRELIMINARY)


def _id_of(session: Session, model: Any, world: World, parameter: str) -> int:
    ref = world.references[OWN, parameter]
    return session.scalars(select(model.id).where(model.ref == ref)).one()
