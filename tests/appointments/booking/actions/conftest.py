"""A clinic in a plain session, and the people who act in it."""

import pytest
from sqlalchemy.orm import Session

from tests.appointments.booking.actions.desk import Desk
from tests.builders import a_patient, an_account_of
from tests.builders.morning import Clinic, found_a_clinic


@pytest.fixture
def clinic(session: Session) -> Clinic:
    return found_a_clinic(session)


@pytest.fixture
def desk(session: Session, clinic: Clinic) -> Desk:
    return Desk(session, clinic)


@pytest.fixture
def reception(session: Session, clinic: Clinic) -> Desk:
    return Desk(session, clinic, clinic.reception)


@pytest.fixture
def stranger(session: Session, clinic: Clinic) -> Desk:
    """Another patient of the portal, acting for themselves."""
    patient = a_patient(session)
    desk = Desk(session, clinic, an_account_of(session, patient))
    desk.patient_ref = patient.ref
    return desk


@pytest.fixture
def beside(session: Session, clinic: Clinic, stranger: Desk) -> Desk:
    """Reception, for a patient who wants another patient's time."""
    stranger.book(clinic.slots[0])
    return Desk(session, clinic, clinic.reception)
