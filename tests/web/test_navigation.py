"""The menu marks the section in which a page is."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.models import Account
from portal.web.navigation import Entry, entries_of, first_page
from tests.builders import an_account


def actor(*roles: Role) -> Actor:
    return Actor(account_id=1, ref="a", name="Somebody", roles=frozenset(roles))


def menu_of(app: Flask, role: Role) -> list[Entry]:
    with app.app_context():
        return entries_of(actor(role))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_every_entry_marks_its_own_page_and_no_other(app: Flask, role: Role) -> None:
    entries = menu_of(app, role)
    assert entries
    with app.test_request_context():
        addresses = {entry.endpoint: app.url_for(entry.endpoint) for entry in entries}
    for entry in entries:
        marked = [one.text for one in entries if one.leads_to(addresses[entry.endpoint])]
        assert marked == [entry.text]


def test_a_page_further_in_belongs_to_its_section(app: Flask) -> None:
    [home] = menu_of(app, Role.PATIENT)
    assert home.leads_to("/patients/0123/appointments/find")
    assert not home.leads_to("/patientsetc")


def test_somebody_without_a_role_still_has_a_first_page(app: Flask) -> None:
    with app.app_context():
        assert first_page(actor()) == "sessions.own_sessions"


def test_the_mark_is_read_aloud(
    database: Session, sign_in: Callable[[Account], FlaskClient]
) -> None:
    client = sign_in(an_account(database, Role.RECEPTION))
    assert 'href="/patients" aria-current="page">Patients<' in client.get("/patients").text
    assert 'href="/patients" aria-current="true">Patients<' in client.get("/patients/new").text


@pytest.mark.parametrize(
    ("role", "first", "second"),
    [
        (Role.DOCTOR, "Clinic day", "Must be rebooked"),
        (Role.NURSE, "Clinic day", "Must be rebooked"),
        (Role.RECEPTION, "Patients", "Clinic day"),
        (Role.ADMINISTRATOR, "Staff", "Emergency access"),
    ],
)
def test_the_menu_begins_with_the_pages_that_the_role_needs_most(
    app: Flask, role: Role, first: str, second: str
) -> None:
    assert [entry.text for entry in menu_of(app, role)][:2] == [first, second]
