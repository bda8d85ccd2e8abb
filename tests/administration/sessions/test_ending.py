"""An administrator signs somebody out everywhere."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from tests.appointments.pages import press
from tests.builders import an_account, audited

ADDRESS = "/administration/sign-ins"
DEED = "end the sessions of others"
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def administrator(database: Session, sign_in: SignIn) -> FlaskClient:
    return sign_in(an_account(database, Role.ADMINISTRATOR))


def send(browser: FlaskClient, email: str) -> str:
    answer = press(browser, browser.get(ADDRESS), "Sign them out", email=email)
    return browser.get(answer.location).text if answer.status_code == 303 else answer.text


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/sign-ins").status_code == 200


def test_all_sign_ins_of_a_patient_end_and_nobody_elses(
    database: Session, administrator: FlaskClient, sign_in: SignIn
) -> None:
    patient, other = (an_account(database, Role.PATIENT) for _ in range(2))
    browsers, untouched = [sign_in(patient) for _ in range(2)], sign_in(other)

    page = send(administrator, str(patient.email))

    assert "Ended: 2 sign-ins" in page
    assert not any(map(is_in, browsers))
    assert is_in(untouched)
    assert is_in(administrator)
    (entry,) = audited(database, DEED)
    assert (entry.entity, entry.detail) == (f"Account/{patient.ref}", {"ended": 2})
    assert str(patient.email) not in str(vars(entry))


def test_every_account_with_the_address_is_meant(
    database: Session, administrator: FlaskClient, sign_in: SignIn
) -> None:
    browsers = [
        sign_in(an_account(database, Role.PATIENT, email="shared@example.org")) for _ in range(2)
    ]

    send(administrator, "shared@example.org")

    assert not any(map(is_in, browsers))
    assert len(audited(database, DEED)) == 2


def test_somebody_who_is_not_signed_in(database: Session, administrator: FlaskClient) -> None:
    account = an_account(database, Role.PATIENT)
    database.commit()

    assert "They were not signed in anywhere" in send(administrator, str(account.email))


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("nobody@example.org", "Nobody who has ever signed in has this email address"),
        ("", "Enter the email address that they sign in with"),
        ("no address", "Enter an email address"),
    ],
)
def test_what_is_no_ones_address_is_explained(
    administrator: FlaskClient, email: str, words: str
) -> None:
    assert words in send(administrator, email)


@pytest.mark.parametrize("role", [Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.RECEPTION])
def test_nobody_else_may(database: Session, sign_in: SignIn, role: Role) -> None:
    assert sign_in(an_account(database, role)).get(ADDRESS).status_code == 403
