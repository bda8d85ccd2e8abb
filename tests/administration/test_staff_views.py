"""The pages on which an administrator keeps the staff."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.access import Role
from portal.administration.directory import Directory
from portal.administration.staff_views import DIRECTORY
from portal.administration.user_pool import UserPool
from portal.cognito import AWAY
from portal.models import Account, Practitioner
from tests.administration.conftest import Cognito
from tests.appointments.pages import forms_on, press
from tests.hospital import NOW, a_clinician, a_location, a_practitioner, an_account

STAFF, NEW = "/administration/staff", "/administration/staff/new"
TYPED = {
    "given": "Siân",
    "family": "Davies",
    "email": "sian.davies@hospital.example",
    "roles": ["reception"],
}


@pytest.fixture
def browser(
    administrator: Account, directory: Directory, sign_in: Callable[[Account], FlaskClient]
) -> FlaskClient:
    return sign_in(administrator)


def well_formed(page: TestResponse) -> str:
    """The text of a page that parses as strict HTML5, with a title and one h1."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(page.text)
    assert (document.findtext("head/title") or "").strip()
    assert len(list(document.iter("h1"))) == 1
    return " ".join("".join(document.find("body").itertext()).split())


def others(database: Session) -> list[Account]:
    database.rollback()
    accounts = database.scalars(select(Account).where(Account.name != "Wei-Ling Chen"))
    return list(accounts)


def test_it_is_the_administrators_first_page(browser: FlaskClient) -> None:
    assert browser.get("/").location == STAFF


def test_the_list_shows_staff_and_no_patient(database: Session, browser: FlaskClient) -> None:
    a_clinician(database, Role.DOCTOR)[0].name = "Dr Priya Raman"
    gone = an_account(database, Role.NURSE, Role.RECEPTION, name="Tomasz Zieliński")
    gone.disabled_at = NOW
    an_account(database, Role.PATIENT, name="Amina Okafor", email="amina@example.org")
    database.commit()

    text = well_formed(browser.get(STAFF))

    assert "Dr Priya Raman" in text
    assert "Nurse, Reception" in text
    assert "Disabled" in text
    assert "Amina" not in text


@pytest.mark.parametrize("typed", ["zielin", "TOMASZ", "t.z@hosp", "ń"])
def test_searching(database: Session, browser: FlaskClient, typed: str) -> None:
    an_account(database, Role.NURSE, name="Tomasz Zieliński", email="t.z@hospital.example")
    an_account(database, Role.NURSE, name="Grace Mesah", email="g.m@hospital.example")
    database.commit()

    text = well_formed(browser.get(STAFF, query_string={"name": typed}))

    assert "Tomasz" in text
    assert "Grace" not in text


@pytest.mark.parametrize(
    "query",
    [
        {"name": "%"},
        {"name": "_"},
        {"name": "!"},
        {"name": "\x00\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")},
        {"name": "'; DROP TABLE account; --"},
        {"name": "x" * 5000},
        {"page": "0"},
        {"page": "-1"},
        {"page": "many"},
        {"page": "9" * 40},
        {"page": "2"},
    ],
    ids=str,
)
def test_whatever_is_asked_there_is_a_page(browser: FlaskClient, query: dict[str, str]) -> None:
    page = browser.get(STAFF, query_string=query)

    assert page.status_code == 200
    well_formed(page)


def test_a_long_list_has_pages(database: Session, browser: FlaskClient) -> None:
    for number in range(51):
        an_account(database, Role.RECEPTION, name=f"Ann {number:02}")
    database.commit()

    first = browser.get(STAFF, query_string={"name": "Ann"})
    second = browser.get(STAFF, query_string={"name": "Ann", "page": 2})

    assert "Ann 49" in well_formed(first)
    assert "Ann 50" not in first.text
    assert "page=2" in first.text
    assert "Ann 50" in well_formed(second)
    assert "page=3" not in second.text


def test_somebody_is_added(database: Session, browser: FlaskClient, cognito: Cognito) -> None:
    answer = press(browser, browser.get(NEW), "Add and invite", **TYPED)

    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "Siân Davies was invited" in well_formed(page)
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


def test_sent_twice_it_is_one_account(database: Session, browser: FlaskClient) -> None:
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
    ({"email": ""}, "Enter the e-mail address"),
    ({"email": "sian"}, "Enter an e-mail address, such as"),
    ({"email": "sian@hospital"}, "Enter an e-mail address, such as"),
    ({"email": "a@b.example, c@d.example"}, "Enter an e-mail address, such as"),
    ({"email": "siân@hospital.exämple"}, "Enter an e-mail address, such as"),
    ({"email": "x" * 128 + "@hospital.example"}, "Use 128 characters or fewer"),
    ({"roles": []}, "Choose at least one role"),
    ({"roles": ["patient"]}, "Choose roles from the list"),
    ({"roles": ["system"]}, "Choose roles from the list"),
    ({"roles": ["doctor"]}, "Choose at least one clinic for a new practitioner"),
    ({"roles": ["doctor"], "practitioner": "nobody"}, "Choose a practitioner from the list"),
    ({"roles": ["nurse"], "locations": ["nowhere"]}, "Choose clinics from the list"),
]


@pytest.mark.parametrize(("typed", "message"), BAD, ids=str)
def test_what_is_wrong_is_said_beside_the_field_and_on_top(
    database: Session, browser: FlaskClient, cognito: Cognito, typed: dict[str, Any], message: str
) -> None:
    answer = press(browser, browser.get(NEW), "Add and invite", **{**TYPED, **typed})

    assert answer.status_code == 400
    assert well_formed(answer).count(message) == 2
    assert "<title>Error: " in answer.text
    assert others(database) == []
    assert cognito.emails() == []


@pytest.mark.parametrize("address", ["o.brien+ward@st-brides.hospital.example", "a@b.co"])
def test_addresses_that_are_unusual(browser: FlaskClient, address: str) -> None:
    answer = press(browser, browser.get(NEW), "Add and invite", **{**TYPED, "email": address})

    assert answer.status_code == 303


def test_an_address_that_cognito_refuses_is_said_beside_the_field(browser: FlaskClient) -> None:
    typed = {**TYPED, "email": "o'brien@hospital.example"}

    answer = press(browser, browser.get(NEW), "Add and invite", **typed)

    assert answer.status_code == 400
    assert well_formed(answer).count("does not accept this address") == 2


def test_a_taken_address_is_said_beside_the_field(browser: FlaskClient) -> None:
    press(browser, browser.get(NEW), "Add and invite", **TYPED)

    answer = press(browser, browser.get(NEW), "Add and invite", **TYPED)

    assert answer.status_code == 400
    assert well_formed(answer).count("is a member of staff already") == 2


@pytest.fixture
def away(app: Flask, directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = UserPool("eu-west-2_example", "http://127.0.0.1:9")
    monkeypatch.setitem(app.extensions, DIRECTORY, replace(directory, pool=pool))


def test_while_cognito_is_away_the_form_is_kept(
    database: Session, browser: FlaskClient, away: None
) -> None:
    clinic = a_location(database)
    database.commit()
    page = browser.get(NEW)

    typed = {**TYPED, "roles": ["doctor"], "locations": [clinic.ref]}
    answer = press(browser, page, "Add and invite", **typed)

    assert answer.status_code == 503
    assert AWAY in well_formed(answer)
    assert TYPED["email"] in answer.text
    assert others(database) == []
    assert database.scalars(select(Practitioner)).all() == []


def test_while_cognito_is_away_a_button_says_so(
    database: Session, browser: FlaskClient, away: None
) -> None:
    colleague = an_account(database, Role.RECEPTION)
    database.commit()

    answer = press(browser, browser.get(f"{STAFF}/{colleague.ref}"), "Disable the account")

    assert answer.status_code == 503
    assert AWAY in well_formed(answer)
    database.refresh(colleague)
    assert colleague.disabled_at is None


@pytest.fixture
def colleague(database: Session, browser: FlaskClient) -> Account:
    press(browser, browser.get(NEW), "Add and invite", **TYPED)
    (account,) = others(database)
    return account


def test_the_buttons_on_the_page_of_a_colleague(
    database: Session, browser: FlaskClient, colleague: Account, cognito: Cognito
) -> None:
    address = f"{STAFF}/{colleague.ref}"

    assert "invitation" in well_formed(_after(browser, address, "Reset the password"))
    assert "signed out everywhere" in well_formed(_after(browser, address, "Disable"))
    assert "Disabled since" in well_formed(browser.get(address))
    assert "Reset the password" not in browser.get(address).text
    assert "can sign in again" in well_formed(_after(browser, address, "Enable"))


def _after(browser: FlaskClient, address: str, button: str) -> TestResponse:
    """The page that follows when the button on the page at `address` was pressed."""
    answer = press(browser, browser.get(address), button)
    assert (answer.status_code, answer.location) == (303, address)
    return browser.get(address)


def test_roles_are_changed(
    database: Session, browser: FlaskClient, colleague: Account, cognito: Cognito
) -> None:
    practitioner = a_practitioner(database, [a_location(database)])
    database.commit()
    address = f"{STAFF}/{colleague.ref}/roles"
    page = browser.get(address)
    assert 'value="reception" checked' in " ".join(page.text.split())

    refused = press(browser, page, "Change roles", roles=["doctor"])
    assert refused.status_code == 400
    answer = press(browser, page, "Change roles", roles=["doctor"], practitioner=practitioner.ref)

    assert answer.status_code == 303
    assert practitioner.family in well_formed(browser.get(answer.location))
    assert cognito.groups(colleague.subject) == {"doctor"}
    again = browser.get(address)
    assert "For doctors and nurses only" not in well_formed(again)
    press(browser, again, "Change roles", roles=["nurse"])
    assert cognito.groups(colleague.subject) == {"nurse"}


def test_nobody_locks_themselves_out(
    database: Session, browser: FlaskClient, administrator: Account
) -> None:
    address = f"{STAFF}/{administrator.ref}"
    page = browser.get(address)
    assert "Disable the account" not in page.text

    answer = press(browser, browser.get(f"{address}/roles"), "Change roles", roles=["reception"])

    assert answer.status_code == 400
    assert well_formed(answer).count("You can't give up being an administrator") == 2


def test_disabling_oneself_by_a_forged_form_is_refused(
    browser: FlaskClient, administrator: Account, colleague: Account
) -> None:
    page = browser.get(f"{STAFF}/{colleague.ref}")
    form = next(form for form in forms_on(page) if form.address.endswith("disable"))
    answer = browser.post(f"{STAFF}/{administrator.ref}/disable", data=form.fields)

    assert answer.status_code == 409
    assert "can't disable your own account" in well_formed(answer)


@pytest.mark.parametrize("ref", ["0" * 20, "x" * 20, "short"])
@pytest.mark.parametrize("page", ["", "/roles"])
def test_nobody_is_there(browser: FlaskClient, ref: str, page: str) -> None:
    assert browser.get(f"{STAFF}/{ref}{page}").status_code == 404


def test_a_patients_account_is_not_shown(database: Session, browser: FlaskClient) -> None:
    patient = an_account(database, Role.PATIENT)
    database.commit()

    assert browser.get(f"{STAFF}/{patient.ref}").status_code == 404


@pytest.mark.parametrize("role", [Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.RECEPTION])
def test_others_do_not_get_in(
    database: Session, sign_in: Callable[[Account], FlaskClient], role: Role
) -> None:
    browser = sign_in(an_account(database, role))

    assert browser.get(STAFF).status_code == 403
    assert browser.get(NEW).status_code == 403


def test_at_most_eight_statements(engine: Engine, browser: FlaskClient, colleague: Account) -> None:
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        for address in (STAFF, NEW, f"{STAFF}/{colleague.ref}", f"{STAFF}/{colleague.ref}/roles"):
            statements.clear()
            assert browser.get(address).status_code == 200
            assert 0 < len(statements) <= 8, statements
    finally:
        event.remove(engine, "before_cursor_execute", count)
