"""The form that adds a member of staff."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.administration.staff.conftest import Cognito
from tests.administration.staff.pages import NEW, TYPED, others
from tests.appointments.pages import press
from tests.builders import a_location
from tests.html5 import well_formed


def test_somebody_is_added(database: Session, browser: FlaskClient, cognito: Cognito) -> None:
    answer = press(browser, browser.get(NEW), "Add and invite", **TYPED)

    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "Siân Davies has been invited" in well_formed(page)
    (account,) = others(database)
    assert (account.name, account.email) == ("Siân Davies", TYPED["email"])
    assert cognito.groups(account.subject) == {"reception"}


def test_a_doctor_is_added_with_clinics(database: Session, browser: FlaskClient) -> None:
    clinic = a_location(database, name="Eye clinic")
    database.commit()

    answer = press(
        browser,
        browser.get(NEW),
        "Add and invite",
        **{**TYPED, "prefix": "Dr", "roles": ["doctor"], "locations": [clinic.ref]},
    )

    text = well_formed(browser.get(answer.location))
    assert "Dr Siân Davies" in text
    assert "Eye clinic" in text


def test_a_form_sent_twice_makes_one_account(database: Session, browser: FlaskClient) -> None:
    page = browser.get(NEW)

    first = press(browser, page, "Add and invite", **TYPED)
    second = press(browser, page, "Add and invite", **TYPED)

    assert (second.status_code, second.location) == (303, first.location)
    assert len(others(database)) == 1


BAD = [
    ({"given": ""}, "Enter the first name"),
    ({"given": " \t\x00"}, "Enter the first name"),
    ({"family": "x" * 81}, "Use 80 characters or fewer"),
    ({"prefix": "x" * 21}, "Use 20 characters or fewer"),
    ({"specialty": "x" * 101}, "Use 100 characters or fewer"),
    ({"email": ""}, "Enter the email address"),
    ({"email": "sian"}, "Enter an email address, such as"),
    ({"email": "sian@hospital"}, "Enter an email address, such as"),
    ({"email": "a@b.example, c@d.example"}, "Enter an email address, such as"),
    ({"email": "siân@hospital.exämple"}, "without accented letters before the @"),
    ({"email": "x" * 128 + "@hospital.example"}, "Use 128 characters or fewer"),
    ({"roles": []}, "Choose at least one role"),
    ({"roles": ["patient"]}, "Choose roles from the list"),
    ({"roles": ["system"]}, "Choose roles from the list"),
    ({"roles": ["doctor"]}, "Choose at least one clinic for a new practitioner"),
    ({"roles": ["doctor"], "practitioner": "nobody"}, "Choose a practitioner from the list"),
    ({"roles": ["nurse"], "locations": ["nowhere"]}, "Choose clinics from the list"),
]


@pytest.mark.parametrize(("typed", "message"), BAD, ids=str)
def test_a_fault_is_shown_beside_the_field_and_at_the_top(
    database: Session, browser: FlaskClient, cognito: Cognito, typed: dict[str, Any], message: str
) -> None:
    answer = press(browser, browser.get(NEW), "Add and invite", **{**TYPED, **typed})

    assert answer.status_code == 400
    assert well_formed(answer).count(message) == 2
    assert "<title>Error: " in answer.text
    assert others(database) == []
    assert cognito.emails() == []


@pytest.mark.parametrize("address", ["o.brien+ward@st-brides.hospital.example", "a@b.co"])
def test_unusual_addresses_are_accepted(browser: FlaskClient, address: str) -> None:
    answer = press(browser, browser.get(NEW), "Add and invite", **{**TYPED, "email": address})

    assert answer.status_code == 303


def test_an_address_that_cognito_refuses_is_explained_beside_the_field(
    browser: FlaskClient,
) -> None:
    typed = {**TYPED, "email": "o'brien@hospital.example"}

    answer = press(browser, browser.get(NEW), "Add and invite", **typed)

    assert answer.status_code == 400
    assert well_formed(answer).count("does not accept this address") == 2


def test_a_taken_address_is_explained_beside_the_field(browser: FlaskClient) -> None:
    press(browser, browser.get(NEW), "Add and invite", **TYPED)

    answer = press(browser, browser.get(NEW), "Add and invite", **TYPED)

    assert answer.status_code == 400
    assert well_formed(answer).count("is a member of staff already") == 2
