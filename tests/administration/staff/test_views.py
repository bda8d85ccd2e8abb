"""The pages on which an administrator manages the staff."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.access import Role
from portal.accounts.cognito import AWAY
from portal.administration.staff.directory import Directory
from portal.administration.staff.user_pool import UserPool
from portal.administration.staff.views import DIRECTORY
from portal.models import Account, Practitioner
from tests.administration.staff.conftest import Cognito
from tests.administration.staff.pages import NEW, STAFF, TYPED, others
from tests.appointments.pages import forms_on, press
from tests.builders import a_location, a_practitioner, an_account
from tests.html5 import well_formed


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
    assert str(TYPED["email"]) in answer.text
    assert others(database) == []
    assert database.scalars(select(Practitioner)).all() == []


def test_while_cognito_is_away_a_button_changes_nothing_and_says_why(
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


def test_the_buttons_on_the_page_of_a_colleague_work(
    database: Session, browser: FlaskClient, colleague: Account, cognito: Cognito
) -> None:
    address = f"{STAFF}/{colleague.ref}"

    assert "invitation" in well_formed(_after(browser, address, "Reset the password"))
    assert "signed out everywhere" in well_formed(_after(browser, address, "Disable"))
    assert "Disabled since" in well_formed(browser.get(address))
    assert "Reset the password" not in browser.get(address).text
    assert "can sign in again" in well_formed(_after(browser, address, "Enable"))


def _after(browser: FlaskClient, address: str, button: str) -> TestResponse:
    """Presses the button on the page at `address`, and returns the next page."""
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


def test_disabling_your_own_account_by_a_forged_form_is_refused(
    browser: FlaskClient, administrator: Account, colleague: Account
) -> None:
    page = browser.get(f"{STAFF}/{colleague.ref}")
    form = next(form for form in forms_on(page) if form.address.endswith("disable"))
    answer = browser.post(f"{STAFF}/{administrator.ref}/disable", data=form.fields)

    assert answer.status_code == 409
    assert "can't disable your own account" in well_formed(answer)


@pytest.mark.parametrize("ref", ["0" * 20, "x" * 20, "short"])
@pytest.mark.parametrize("page", ["", "/roles"])
def test_an_unknown_account_is_not_found(browser: FlaskClient, ref: str, page: str) -> None:
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
