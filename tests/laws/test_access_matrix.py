"""Who is let in: every route × role × own or other's, GET and POST, compared with one printed matrix."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal.access import Role
from portal.database import db
from portal.models import Account, SignInSession
from portal.signin.kept_forms.rules import BROWSERS_OWN
from tests.laws import access_matrix
from tests.laws.access_matrix import OTHER, OWN, Row, World
from tests.laws.world import a_world, write_downtime_lists

REWRITE = "REWRITE_ACCESS_MATRIX"
PRINTED = Path(__file__).parents[2] / "docs" / "access-matrix.md"


@pytest.fixture
def world(app: Flask, database: Session) -> World:
    world = a_world(database)
    database.commit()
    write_downtime_lists(database, app)
    return world


@pytest.fixture
def matrix(
    app: Flask,
    world: World,
    database: Session,
    client: FlaskClient,
    sign_in: Callable[[Account], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> list[Row]:
    browsers = {role: sign_in(account) for role, account in world.accounts.items()}
    for role, account in world.accounts.items():
        of_account = select(SignInSession.ref).where(SignInSession.account_id == account.id)
        world.sessions[role] = database.scalars(of_account).one()
        with browsers[role].session_transaction() as cookie:
            cookie[BROWSERS_OWN] = [world.kept_forms[role]]
    # Nothing is committed, so that no request affects the next one.
    monkeypatch.setattr(db.session, "commit", lambda: None)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return [
        (door, access_matrix.row_of(app, door, world, browsers, client))
        for door in access_matrix.doors(app)
    ]


def is_about_somebody(rule: Rule) -> bool:
    return bool(rule.arguments)


def test_everybody_is_let_in_where_the_table_says_and_nowhere_else(
    app: Flask, world: World, matrix: list[Row]
) -> None:
    promised = [
        (door, access_matrix.promised_by_the_table(app, door, world, is_about_somebody))
        for door, _ in matrix
    ]

    found, expected = access_matrix.as_text(matrix, app), access_matrix.as_text(promised, app)
    assert found.splitlines() == expected.splitlines()
    if os.environ.get(REWRITE):
        PRINTED.write_text(printed()[0] + found)
    assert printed()[1].splitlines() == found.splitlines(), (
        f"docs/{PRINTED.name} is out of date: run this test with {REWRITE}=1 and read what changed"
    )


def test_one_patients_address_does_not_open_anothers_appointment(
    app: Flask,
    world: World,
    database: Session,
    sign_in: Callable[[Account], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    mixed = {**world.references}
    mixed[OWN, "appointment_ref"] = world.references[OTHER, "appointment_ref"]
    crossed = World(world.accounts, mixed)
    for role in (Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.RECEPTION):
        browser = sign_in(world.accounts[role])
        for door in access_matrix.doors(app):
            if {"patient_ref", "appointment_ref"} <= door[0].arguments:
                arguments = crossed.arguments(door[0], role, OWN)
                found = access_matrix.knock(browser, app, door, arguments)
                assert found == "hidden", (role, door)


def printed() -> tuple[str, str]:
    """The printed document: its introduction and the matrix."""
    text = PRINTED.read_text()
    begin = text.index("| address")
    return text[:begin], text[begin:]
