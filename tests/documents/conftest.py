"""A patient, her child and a doctor, their browsers, and a shared directory of each test's own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, DocumentReference, Patient
from portal.shared_files import SharedFiles
from portal.vocabulary import Relationship
from tests.builders import (
    a_clinician,
    a_location,
    a_patient,
    a_slot,
    an_account,
    an_account_of,
    an_appointment,
    relate,
)
from tests.documents.scanning import Send
from tests.documents.sending import documents, send, the_form

Browse = Callable[[Account], FlaskClient]


@dataclass
class Family:
    """Amina has an account and a child, and a doctor who looks after both."""

    amina: Patient
    tomas: Patient
    mother: Account
    doctor: Account
    reception: Account
    administrator: Account
    stranger: Account
    """Another patient, with their own record."""

    @property
    def address(self) -> str:
        return f"/patients/{self.amina.ref}/documents"


@pytest.fixture
def family(database: Session) -> Family:
    amina, tomas = a_patient(database), a_patient(database, given="Tomás")
    mother = an_account_of(database, amina)
    relate(database, mother, tomas, Relationship.PARENT)
    location = a_location(database)
    doctor, practitioner = a_clinician(database, Role.DOCTOR, [location])
    soon = datetime.now(UTC) + timedelta(days=1)
    for patient in (amina, tomas):
        an_appointment(database, patient, a_slot(database, practitioner, location, starts_at=soon))
        soon += timedelta(minutes=20)
    reception = an_account(database, Role.RECEPTION)
    administrator = an_account(database, Role.ADMINISTRATOR)
    stranger = an_account_of(database, a_patient(database))
    database.commit()
    return Family(amina, tomas, mother, doctor, reception, administrator, stranger)


@pytest.fixture
def store(app: Flask, plain_store: SharedFiles, monkeypatch: pytest.MonkeyPatch) -> SharedFiles:
    """The portal's store, on a directory that only this test uses."""
    monkeypatch.setitem(app.extensions, "shared_files", plain_store)
    return plain_store


@pytest.fixture
def scanner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The portal's settings name a virus scanner; nobody listens there."""
    address = "/nowhere/clamd.socket"
    settings = replace(app.extensions["settings"], scanner_address=address)
    monkeypatch.setitem(app.extensions, "settings", settings)
    return address


@pytest.fixture
def mother(family: Family, store: SharedFiles, sign_in: Browse) -> FlaskClient:
    return sign_in(family.mother)


@pytest.fixture
def doctor(family: Family, store: SharedFiles, sign_in: Browse) -> FlaskClient:
    return sign_in(family.doctor)


@pytest.fixture
def administrator(family: Family, store: SharedFiles, sign_in: Browse) -> FlaskClient:
    return sign_in(family.administrator)


@pytest.fixture
def sent(family: Family, mother: FlaskClient, database: Session) -> Send:
    """Sends files by the form; gives all documents."""

    def sends(*files: tuple[str, bytes]) -> list[DocumentReference]:
        assert send(mother, the_form(mother, family.address), *files).status_code == 303
        return documents(database)

    return sends
