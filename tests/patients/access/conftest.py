"""Reception, a patient, and somebody who has just signed in for the first time."""

import pytest
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.models import Patient
from tests.builders import a_patient, actor_of, an_account


@pytest.fixture
def receptionist(session: Session) -> Actor:
    return actor_of(an_account(session, Role.RECEPTION))


@pytest.fixture
def patient(session: Session) -> Patient:
    return a_patient(session)


@pytest.fixture
def holder(session: Session) -> Actor:
    """Somebody who has just signed in for the first time."""
    return actor_of(an_account(session, Role.PATIENT))
