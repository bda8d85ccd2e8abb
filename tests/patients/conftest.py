"""A family, its carers and the staff around it, and their browsers. The present stands at `NOW`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, Encounter, Patient
from portal.vocabulary import EncounterStatus, Relationship
from portal.web import current
from tests.builders import (
    NOW,
    a_clinician,
    a_location,
    a_slot,
    an_account,
    an_account_of,
    an_appointment,
    findable,
    relate,
)


@dataclass
class Family:
    """Amina, who has an account, her child Tomás, and those who look after them."""

    amina: Patient
    tomas: Patient
    mother: Account
    reception: Account
    doctor: Account
    stranger: Account
    """Signed in, and linked to nobody."""


@pytest.fixture
def family(database: Session, monkeypatch: pytest.MonkeyPatch) -> Family:
    monkeypatch.setattr(current, "now", lambda: NOW)
    amina = findable(database, address="12 Mill Lane\nAshcombe")
    tomas = findable(database, given="Tomás", birth_date=date(2018, 5, 6), phone=None)
    mother = an_account_of(database, amina)
    mother.email = "amina@example.org"
    relate(database, mother, tomas, Relationship.PARENT, ends_on=date(2034, 5, 6))
    location = a_location(database, name="Heart clinic")
    doctor, practitioner = a_clinician(database, Role.DOCTOR, [location])
    an_appointment(database, amina, a_slot(database, practitioner, location))
    database.add(
        Encounter(
            patient_id=amina.id,
            status=EncounterStatus.FINISHED,
            class_code="AMB",
            type_text="Check-up",
            reason_text="Hypertension",
            started_at=NOW,
        )
    )
    reception, stranger = an_account(database, Role.RECEPTION), an_account(database, Role.PATIENT)
    database.commit()
    return Family(amina, tomas, mother, reception, doctor, stranger)


Browse = Callable[[Account], FlaskClient]


@pytest.fixture
def reception(family: Family, sign_in: Browse) -> FlaskClient:
    return sign_in(family.reception)


@pytest.fixture
def mother(family: Family, sign_in: Browse) -> FlaskClient:
    return sign_in(family.mother)


@pytest.fixture
def doctor(family: Family, sign_in: Browse) -> FlaskClient:
    return sign_in(family.doctor)


@pytest.fixture
def stranger(family: Family, sign_in: Browse) -> FlaskClient:
    return sign_in(family.stranger)
