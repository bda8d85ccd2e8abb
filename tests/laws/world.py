"""A hospital in which each role has things of their own, and others have the same."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.downtime import lists
from portal.downtime.box import Box
from portal.models import Appointment, Location, Observation, Patient, Practitioner, new_ref
from portal.vocabulary import Relationship
from tests.builders import (
    a_clinician,
    a_document,
    a_hold,
    a_location,
    a_medicine,
    a_note,
    a_patient,
    a_practitioner,
    a_problem,
    a_report,
    a_schedule,
    a_slot,
    a_version,
    an_account,
    an_account_of,
    an_allergy,
    an_emergency_access,
    an_encounter,
    context_for,
    relate,
    vital_signs,
)
from tests.laws.access_matrix import OTHER, OWN, World
from tests.laws.world_rows import a_failed_notice, a_kept_form, a_leave, a_merge, booked_ahead


def write_downtime_lists(session: Session, app: Flask) -> None:
    """Writes the lists for times when the database is away, as the worker does."""
    box = Box(app.extensions["shared_files"], app.extensions["settings"].secrets)
    hospital = app.extensions["settings"].hospital
    lists.write(context_for(session, now=datetime.now(UTC), hospital=hospital), box)


def a_world(session: Session) -> World:
    """Own: a patient with an appointment in the clinicians' clinic. Other: one in another clinic."""
    here, elsewhere = a_location(session), a_location(session)
    doctor, practitioner = a_clinician(session, Role.DOCTOR, [here])
    nurse, _ = a_clinician(session, Role.NURSE, [here])
    own, other = a_patient(session), a_patient(session)
    world = World(
        {
            Role.PATIENT: an_account_of(session, own),
            Role.DOCTOR: doctor,
            Role.NURSE: nurse,
            Role.RECEPTION: an_account(session, Role.RECEPTION),
            Role.ADMINISTRATOR: an_account(session, Role.ADMINISTRATOR),
        }
    )
    _add_side(session, world, OWN, own, practitioner, here)
    _add_side(session, world, OTHER, other, a_practitioner(session, [elsewhere]), elsewhere)
    _add_staff(session, world)
    return world


def _add_side(
    session: Session,
    world: World,
    side: str,
    patient: Patient,
    practitioner: Practitioner,
    location: Location,
) -> None:
    """Everything of one patient and one clinic."""
    appointment = booked_ahead(session, patient, practitioner, location, timedelta(days=1))
    free = a_slot(session, practitioner, location, starts_at=datetime.now(UTC) + timedelta(days=2))
    carer = an_account(session, Role.PATIENT)
    related = relate(session, carer, patient, Relationship.CARER)
    twin = a_patient(session)
    world.know(side, "patient_ref", patient.ref)
    world.know(side, "other_ref", twin.ref)
    world.know(side, "merge_ref", a_merge(session, patient).ref)
    world.know(side, "related_ref", related.ref)
    world.know(side, "account_ref", an_account_of(session, twin).ref)
    world.know(side, "appointment_ref", appointment.ref)
    world.know(side, "slot_ref", free.ref)
    world.know(side, "location_ref", location.ref)
    world.know(side, "practitioner_ref", practitioner.ref)
    world.know(side, "schedule_ref", a_schedule(session, practitioner, location).ref)
    world.know(side, "exception_ref", a_leave(session, practitioner).ref)
    world.know(side, "document_ref", a_document(session, patient).ref)
    world.know(side, "access_ref", an_emergency_access(session, patient).ref)
    world.know(side, "notice_ref", a_failed_notice(session, appointment).ref)
    _add_record(session, world, side, patient, appointment)


def _add_record(
    session: Session, world: World, side: str, patient: Patient, appointment: Appointment
) -> None:
    """An entry of each kind in the patient's record."""
    encounter = an_encounter(session, appointment)
    allergy = an_allergy(session, patient)
    a_version(session, allergy)
    world.know(side, "encounter_ref", encounter.ref)
    world.know(side, "allergy_ref", allergy.ref)
    world.know(side, "item_ref", allergy.ref)
    world.know(side, "condition_ref", a_problem(session, patient).ref)
    world.know(side, "medication_ref", a_medicine(session, patient).ref)
    world.know(side, "panel_ref", vital_signs(session, patient).ref)
    report = a_report(session, patient)
    value = select(Observation.ref).where(Observation.panel_id == report.id)
    world.know(side, "result_ref", report.ref)
    world.know(side, "value_ref", session.scalars(value).one())
    world.know(side, "panel_key", "blood-count")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    world.know(side, "hold_ref", a_hold(session, a_report(session, patient), ends_at=tomorrow).ref)
    world.know(side, "note_ref", a_note(session, encounter, world.accounts[Role.DOCTOR]).ref)


def _add_staff(session: Session, world: World) -> None:
    """Staff accounts, and a separate session and kept form for everybody."""
    for side in (OWN, OTHER):
        world.know(side, "staff.account_ref", an_account(session, Role.NURSE).ref)
        world.know(side, "session_ref", new_ref())
        world.know(side, "kept_ref", new_ref())
    for role, account in world.accounts.items():
        world.kept_forms[role] = a_kept_form(session, account).ref
