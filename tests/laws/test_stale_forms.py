"""A form acts on what its page showed. If that has changed, it does nothing and says so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access import Role
from portal.administration.staff.directory import Directory
from portal.administration.staff.user_pool import PoolUser
from portal.administration.staff.views import DIRECTORY
from portal.errors import CHANGED
from portal.models import Account, Base
from tests.laws.access_matrix import OWN, ROLES, World, doors
from tests.laws.changes import CHANGES, OTHERS, Change
from tests.laws.page_forms import PageForm, forms_of
from tests.laws.test_forms import pages_of
from tests.laws.world import a_world, write_downtime_lists

NOT_THINGS = {"audit_event", "audit_seal", "rate_limit", "sign_in_session", "submission"}
"""Tables about requests, not about the hospital's data."""
HISTORY = {"record_version"}
"""Rows of this table never change."""


class Pool:
    """A user pool that has every account and accepts every change."""

    def find(self, username: str) -> PoolUser:
        return PoolUser(username, username, "CONFIRMED", enabled=True, email_verified=True)

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


@pytest.fixture
def world(app: Flask, database: Session, monkeypatch: pytest.MonkeyPatch) -> World:
    world = a_world(database)
    database.commit()
    write_downtime_lists(database, app)
    here: Directory = app.extensions[DIRECTORY]
    pool = Directory(Pool(), here.issuer, here.role_of_group)  # type: ignore[arg-type]
    monkeypatch.setitem(app.extensions, DIRECTORY, pool)
    return world


@dataclass
class Desk:
    """Somebody who has opened the page of a form."""

    app: Flask
    world: World
    browser: FlaskClient
    change: Change

    def open(self) -> PageForm:
        """The form as the page shows it now."""
        rule = next(
            rule
            for rule, method in doors(self.app)
            if rule.endpoint == self.change.page and method == "GET"
        )
        with self.app.test_request_context():
            arguments = self.world.arguments(rule, self.change.by, OWN)
            path = self.app.url_for(rule.endpoint, **arguments)
        page = self.browser.get(path)
        assert page.status_code == 200, page.status_code
        return self.form_on(page.text, path)

    def form_on(self, text: str, path: str) -> PageForm:
        for form in forms_of(text, path):
            same = form.endpoint(self.app) == self.change.endpoint
            if same and self.change.button in ("", form.button):
                return form
        raise AssertionError(f"no form on the page: {path}")

    def send(self, form: PageForm) -> Any:
        return form.send(self.browser, dict(self.change.typed))


def kept(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All of the hospital's data."""
    session.rollback()
    return {
        table.name: sorted(map(tuple, session.execute(select(table))), key=str)
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_THINGS
    }


def change_everything(session: Session) -> None:
    """Increases versions as if somebody had changed every row."""
    for table in Base.metadata.sorted_tables:
        name = "attempts" if table.name == "notice" else "version"
        if name in table.c and table.name not in HISTORY:
            session.execute(update(table).values({name: table.c[name] + 1}))
    session.commit()


@pytest.fixture
def desk_of(
    app: Flask, world: World, database: Session, sign_in: Callable[[Account], FlaskClient]
) -> Callable[[Change], Desk]:
    def opened(change: Change) -> Desk:
        if change.prepare:
            change.prepare(database, world)
            database.commit()
        return Desk(app, world, sign_in(world.accounts[change.by]), change)

    return opened


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_stale_form_does_nothing_and_says_so(
    change: Change, desk_of: Callable[[Change], Desk], world: World, database: Session
) -> None:
    desk = desk_of(change)
    form = desk.open()
    if change.meanwhile:
        change.meanwhile(database, world)
    change_everything(database)
    before = kept(database)
    answer = desk.send(form)

    assert answer.status_code == 409, answer.text
    assert CHANGED in answer.text
    assert kept(database) == before
    for typed in change.typed.values():
        assert typed in answer.text


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_form_without_a_version_is_stale(
    change: Change, desk_of: Callable[[Change], Desk], database: Session
) -> None:
    desk = desk_of(change)
    form = desk.open()
    form.fields.pop("version", None)
    form.address = form.address.replace("version=", "was=")
    before = kept(database)

    assert desk.send(form).status_code == 409
    assert kept(database) == before


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_the_same_form_acts_once_it_was_shown_anew(
    change: Change, desk_of: Callable[[Change], Desk], database: Session
) -> None:
    desk = desk_of(change)
    change_everything(database)
    before = kept(database)
    form = desk.open()
    answer = desk.send(form)
    if answer.status_code == 400:
        # It first asks for confirmation of the appointments or the warnings that it shows.
        answer = desk.send(desk.form_on(answer.text, form.address))

    assert answer.status_code == 303, answer.text
    assert kept(database) != before


def test_it_is_decided_of_every_form_whether_it_changes_what_exists(app: Flask) -> None:
    posted = {rule.endpoint for rule, method in doors(app) if method == "POST"}
    changing = {change.endpoint for change in CHANGES}

    assert changing | set(OTHERS) == posted
    assert changing & set(OTHERS) == set()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_every_form_that_changes_what_exists_says_what_its_page_showed(
    app: Flask, world: World, sign_in: Callable[[Account], FlaskClient], role: Role
) -> None:
    changing = {change.endpoint for change in CHANGES}
    without = [
        f"{form.address} on {path}"
        for path, text in pages_of(app, world, role, sign_in(world.accounts[role]))
        for form in forms_of(text, path)
        if form.endpoint(app) in changing and not form.version.replace(" ", "").isdecimal()
    ]

    assert without == []
