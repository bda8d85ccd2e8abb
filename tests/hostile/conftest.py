"""The hospital that the crawl goes through, with words about other people that it looks for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.access import Relation, Role, relations
from portal.database import db
from portal.models import Account, AllergyIntolerance, Condition, Note, Patient, SignInSession
from portal.signin.kept_forms.rules import BROWSERS_OWN
from portal.web.pages import mark_of
from tests.builders import actor_of
from tests.hostile.attacks import Attack
from tests.hostile.verdicts import faults_of
from tests.laws.access_matrix import COOKIE, OTHER, World
from tests.laws.world import a_world, write_downtime_lists

NAME, RECORD = "Zanzibarqueen", "Quibberwort"
"""The name of the patients who are nobody's, and a word in their records."""


@pytest.fixture
def world(app: Flask, database: Session) -> World:
    world = a_world(database)
    _name_the_others(database, world)
    database.commit()
    write_downtime_lists(database, app)
    return world


def _name_the_others(session: Session, world: World) -> None:
    refs = [world.references[OTHER, name] for name in ("patient_ref", "other_ref")]
    session.execute(update(Patient).where(Patient.ref.in_(refs)).values(family=NAME))
    ids = session.scalars(select(Patient.id).where(Patient.ref.in_(refs))).all()
    for model, values in (
        (Condition, {"name": RECORD}),
        (AllergyIntolerance, {"substance": RECORD}),
        (Note, {"body": RECORD}),
    ):
        session.execute(update(model).where(model.patient_id.in_(ids)).values(values))


@dataclass
class Crawl:
    """Somebody's browser, which sends attacks and says what is wrong with the answers."""

    app: Flask
    world: World
    role: Role | None
    browser: FlaskClient

    def faults(self, attacks: Iterable[Attack]) -> list[str]:
        return [
            f"{attack.method} {attack.address[:300]} ({attack.what}) {fault}"
            for attack in attacks
            for fault in faults_of(attack, self.send(attack), self.hidden(attack.endpoint))
        ]

    def send(self, attack: Attack) -> TestResponse:
        cookie = self.browser.get_cookie(COOKIE)
        answer = self.browser.open(
            attack.address,
            method=attack.method,
            data=attack.body,
            content_type="application/x-www-form-urlencoded",
        )
        if cookie is not None:
            # A request that signs somebody out does not affect the next request.
            self.browser.set_cookie(COOKIE, cookie.value)
        return answer

    def hidden(self, endpoint: str) -> frozenset[str]:
        """The words about others that this person may not see there."""
        deed = mark_of(self.app.view_functions[endpoint]).deed
        if deed is None or self.role is None:
            return frozenset({NAME, RECORD})
        found = relations(actor_of(self.world.accounts[self.role]), deed)
        return frozenset({RECORD}) if Relation.ANYONE in found else frozenset({NAME, RECORD})


@pytest.fixture
def crawl_as(
    app: Flask,
    world: World,
    database: Session,
    client: FlaskClient,
    sign_in: Callable[[Account], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Role | None], Crawl]:
    def crawl(role: Role | None) -> Crawl:
        browser = client
        if role is not None:
            account = world.accounts[role]
            browser = sign_in(account)
            session_of = select(SignInSession.ref).where(SignInSession.account_id == account.id)
            world.sessions[role] = database.scalars(session_of).one()
            with browser.session_transaction() as cookie:
                cookie[BROWSERS_OWN] = [world.kept_forms[role]]
        # The database sees every statement, but no request changes what the next one finds.
        monkeypatch.setattr(db.session, "commit", db.session.flush)
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
        return Crawl(app, world, role, browser)

    return crawl
