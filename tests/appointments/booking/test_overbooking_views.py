"""Overbooking on the page: with a reason, and only for permitted staff."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Appointment
from tests.appointments.conftest import SignIn, address
from tests.appointments.pages import press
from tests.builders import a_patient, an_appointment, audited_deeds
from tests.builders.morning import Clinic


@pytest.fixture
def reception(clinic: Clinic, sign_in: SignIn, database: Session) -> FlaskClient:
    an_appointment(database, a_patient(database), clinic.slots[0])
    database.commit()
    return sign_in(clinic.reception)


def test_reception_overbooks_with_a_reason(
    clinic: Clinic, reception: FlaskClient, database: Session
) -> None:
    page = reception.get(address(clinic, f"/overbook/{clinic.slots[0].ref}"))
    answer = press(reception, page, "Overbook this time", why="Cannot wait")

    assert answer.status_code == 303
    page = reception.get(answer.location)
    assert "Another patient has the same time" in page.text
    assert "Cannot wait" in page.text
    database.rollback()
    deeds = audited_deeds(database)
    assert deeds == ["find slots", "overbook", "see appointments"]


@pytest.mark.parametrize(
    ("why", "message"),
    [
        ("", "Enter a reason for overbooking"),
        ("   ", "Enter a reason for overbooking"),
        ("x" * 501, "Shorten this to 500 characters"),
    ],
)
def test_a_reason_is_needed(
    clinic: Clinic, reception: FlaskClient, database: Session, why: str, message: str
) -> None:
    page = reception.get(address(clinic, f"/overbook/{clinic.slots[0].ref}"))

    answer = press(reception, page, "Overbook this time", why=why)

    assert answer.status_code == 400
    assert answer.text.count(message) == 2
    assert len(database.scalars(select(Appointment)).all()) == 1


def test_a_free_time_is_not_overbooked(clinic: Clinic, reception: FlaskClient) -> None:
    page = reception.get(address(clinic, f"/overbook/{clinic.slots[1].ref}"))

    answer = press(reception, page, "Overbook this time", why="Cannot wait")

    assert answer.status_code == 400
    assert "Book it as usual" in answer.text
    assert "Cannot wait" in answer.text, "what was typed is not lost"


def test_only_those_who_may_overbook_get_the_page(
    clinic: Clinic, patient: FlaskClient, reception: FlaskClient, sign_in: SignIn
) -> None:
    page = address(clinic, f"/overbook/{clinic.slots[0].ref}")

    assert patient.get(page).status_code == 403
    assert sign_in(clinic.nurse).get(page).status_code == 403
    assert sign_in(clinic.doctor).get(page).status_code == 404, "not their patient"
