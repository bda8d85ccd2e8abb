"""Prepares the test hospital so that a page shows a form."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import (
    Account,
    AllergyIntolerance,
    Base,
    DocumentReference,
    Encounter,
    Location,
    Patient,
    Practitioner,
    ResultWait,
    Slot,
)
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, ClinicalStatus, CompositionStatus
from tests.builders import NOW, a_note, a_slot, an_appointment, an_encounter
from tests.laws.access_matrix import OWN, World

Prepare = Callable[[Session, World], None]
Row = TypeVar("Row", bound=Base)


def _own(world: World, name: str) -> str:
    return world.references[OWN, name]


def _one(session: Session, model: type[Row], ref: str) -> Row:
    return session.scalars(select(model).filter_by(ref=ref)).one()


def closed_clinic(session: Session, world: World) -> None:
    same = Location.ref == _own(world, "location_ref")
    session.execute(update(Location).where(same).values(active=False))


def practitioner_who_left(session: Session, world: World) -> None:
    same = Practitioner.ref == _own(world, "practitioner_ref")
    session.execute(update(Practitioner).where(same).values(active=False))


def disabled_account(session: Session, world: World) -> None:
    same = Account.ref == _own(world, "staff.account_ref")
    session.execute(update(Account).where(same).values(disabled_at=datetime.now(UTC)))


def damaged_file(session: Session, world: World) -> None:
    same = DocumentReference.ref == _own(world, "document_ref")
    session.execute(update(DocumentReference).where(same).values(damaged_at=datetime.now(UTC)))


def no_active_allergy(session: Session, world: World) -> None:
    same = AllergyIntolerance.ref == _own(world, "allergy_ref")
    resolved = {"clinical_status": ClinicalStatus.RESOLVED}
    session.execute(update(AllergyIntolerance).where(same).values(resolved))


def a_draft(session: Session, world: World) -> None:
    visit = _one(session, Encounter, _own(world, "encounter_ref"))
    doctor = world.accounts[Role.DOCTOR]
    a_note(session, visit, doctor, status=CompositionStatus.PRELIMINARY, saved_window="w" * 32)


def a_busy_slot(session: Session, world: World) -> None:
    someone = _one(session, Patient, _own(world, "other_ref"))
    an_appointment(session, someone, _one(session, Slot, _own(world, "slot_ref")))


def chosen_to_wait(session: Session, world: World) -> None:
    """The patient chose to see results only after a conversation, before there were any."""
    patient = _one(session, Patient, _own(world, "patient_ref"))
    before = NOW - timedelta(days=1)
    session.add(ResultWait(patient_id=patient.id, chosen_at=before, chosen_by_name="Their carer"))


def marked_as_deceased(session: Session, world: World) -> None:
    same = Patient.ref == _own(world, "patient_ref")
    session.execute(update(Patient).where(same).values(deceased_on=NOW.date()))


def one_to_move(session: Session, world: World) -> None:
    """Another appointment of the patient, with a visit that has not begun."""
    practitioner = _one(session, Practitioner, _own(world, "practitioner_ref"))
    clinic = _one(session, Location, _own(world, "location_ref"))
    slot = a_slot(session, practitioner, clinic, starts_at=datetime.now(UTC) + timedelta(days=4))
    row = an_appointment(session, _one(session, Patient, _own(world, "patient_ref")), slot)
    world.know(OWN, "appointment_ref", row.ref)


def today_in(status: AppointmentStatus, *, consulting: bool = False) -> Prepare:
    """Today's appointment that has begun, in this status."""

    def prepare(session: Session, world: World) -> None:
        now, hospital = datetime.now(UTC), Hospital()
        begins = max(hospital.day(hospital.today(now))[0], now - timedelta(minutes=5))
        practitioner = _one(session, Practitioner, _own(world, "practitioner_ref"))
        clinic = _one(session, Location, _own(world, "location_ref"))
        slot = a_slot(session, practitioner, clinic, starts_at=begins)
        patient = _one(session, Patient, _own(world, "other_ref"))
        row = an_appointment(session, patient, slot, status=status)
        if consulting:
            an_encounter(session, row)

    return prepare
