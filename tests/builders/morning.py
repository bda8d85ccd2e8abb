"""A small clinic with a doctor's free times tomorrow morning, and its people."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, Location, Patient, Practitioner, Slot
from tests.builders.people import a_patient, an_account, an_account_of
from tests.builders.rows import NOW
from tests.builders.timetables import a_clinician, a_location, a_slot


@dataclass
class Clinic:
    """A doctor's free times tomorrow at 10:00, 10:20, 10:40 …, and the people of the clinic."""

    location: Location
    doctor: Account
    practitioner: Practitioner
    nurse: Account
    reception: Account
    patient: Patient
    account: Account
    slots: list[Slot]


def found_a_clinic(session: Session, slots: int = 4) -> Clinic:
    location = a_location(session)
    doctor, practitioner = a_clinician(session, Role.DOCTOR, [location])
    nurse, _ = a_clinician(session, Role.NURSE, [location])
    patient = a_patient(session)
    return Clinic(
        location=location,
        doctor=doctor,
        practitioner=practitioner,
        nurse=nurse,
        reception=an_account(session, Role.RECEPTION),
        patient=patient,
        account=an_account_of(session, patient),
        slots=[
            a_slot(
                session,
                practitioner,
                location,
                starts_at=NOW + timedelta(days=1, minutes=20 * number),
            )
            for number in range(slots)
        ],
    )
