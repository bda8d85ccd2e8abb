"""A hospital in which each role has something of its own, beside something that is another's."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.downtime import lists
from portal.downtime.box import Box
from portal.models import (
    Account,
    Appointment,
    AppointmentStatus,
    ExceptionKind,
    KeptForm,
    Location,
    Notice,
    Patient,
    PatientMerge,
    Practitioner,
    Relationship,
    Scan,
    ScheduleException,
    new_ref,
)
from tests.hospital import (
    a_clinician,
    a_document,
    a_location,
    a_patient,
    a_practitioner,
    a_schedule,
    a_slot,
    an_account,
    an_account_of,
    an_appointment,
    relate,
)
from tests.laws.access_matrix import OTHER, OWN, World


def write_downtime_lists(session: Session, app: Flask) -> None:
    """As the worker does: what every clinic's staff may still read while the database is away."""
    box = Box(app.extensions["shared_files"], app.extensions["settings"].secret_key)
    lists.write(session, box, app.extensions["settings"].hospital, datetime.now(UTC))


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
    appointment = _booked(session, patient, practitioner, location, timedelta(days=1))
    free = a_slot(session, practitioner, location, starts_at=datetime.now(UTC) + timedelta(days=2))
    carer = an_account(session, Role.PATIENT)
    related = relate(session, carer, patient, Relationship.CARER)
    twin = a_patient(session)
    world.know(side, "patient_ref", patient.ref)
    world.know(side, "other_ref", twin.ref)
    world.know(side, "merge_ref", _merged(session, patient).ref)
    world.know(side, "related_ref", related.ref)
    world.know(side, "account_ref", an_account_of(session, twin).ref)
    world.know(side, "appointment_ref", appointment.ref)
    world.know(side, "slot_ref", free.ref)
    world.know(side, "location_ref", location.ref)
    world.know(side, "practitioner_ref", practitioner.ref)
    world.know(side, "schedule_ref", a_schedule(session, practitioner, location).ref)
    world.know(side, "exception_ref", _on_leave(session, practitioner).ref)
    world.know(side, "document_ref", a_document(session, patient).ref)
    world.know(side, "notice_ref", _failed(session, appointment).ref)


def _add_staff(session: Session, world: World) -> None:
    """Staff accounts, and for everybody a session and a kept form that are theirs alone."""
    for side in (OWN, OTHER):
        world.know(side, "administration.account_ref", an_account(session, Role.NURSE).ref)
        world.know(side, "session_ref", new_ref())
        world.know(side, "kept_ref", new_ref())
    for role, account in world.accounts.items():
        world.kept_forms[role] = _kept(session, account).ref


def _kept(session: Session, account: Account) -> KeptForm:
    fields = [["submission", "0" * 32], ["about", "A cough"]]
    row = KeptForm(
        account_id=account.id, action="/people", fields=fields, created_at=datetime.now(UTC)
    )
    session.add(row)
    session.flush()
    return row


def _booked(
    session: Session,
    patient: Patient,
    practitioner: Practitioner,
    location: Location,
    ahead: timedelta,
) -> Appointment:
    slot = a_slot(session, practitioner, location, starts_at=datetime.now(UTC) + ahead)
    return an_appointment(session, patient, slot, status=AppointmentStatus.BOOKED)


def _merged(session: Session, kept: Patient) -> PatientMerge:
    merged = a_patient(session, merged_into_id=kept.id)
    row = PatientMerge(
        kept_id=kept.id,
        merged_id=merged.id,
        reason="The same person",
        merged_at=datetime.now(UTC),
        merged_by="0" * 20,
    )
    session.add(row)
    session.flush()
    return row


def _on_leave(session: Session, practitioner: Practitioner) -> ScheduleException:
    begins = datetime.now(UTC) + timedelta(days=30)
    row = ScheduleException(
        kind=ExceptionKind.LEAVE,
        practitioner_id=practitioner.id,
        starts_at=begins,
        ends_at=begins + timedelta(days=1),
        reason="Leave",
    )
    session.add(row)
    session.flush()
    return row


def _failed(session: Session, appointment: Appointment) -> Notice:
    now = datetime.now(UTC)
    row = Notice(
        appointment_id=appointment.id,
        occasion=Notice.Occasion.BOOKED,
        sequence=0,
        state=Notice.State.FAILED,
        due_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


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
            appointment = _booked(session, patient, practitioner, here, later)
            _failed(session, appointment)
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
        _merged(session, own)
        _on_leave(session, practitioner)
        a_document(session, own, damaged_at=datetime.now(UTC) if number % 2 else None)
        a_document(session, someone, scan=Scan.REJECTED, scan_result="A virus was found in it.")


def _id_of(session: Session, model: Any, world: World, parameter: str) -> int:
    ref = world.references[OWN, parameter]
    return session.scalars(select(model.id).where(model.ref == ref)).one()
