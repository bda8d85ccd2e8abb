"""A form with a missing, empty or repeated field never gets a 500 as the answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from portal.web import submissions
from tests.laws.access_matrix import COOKIE, OWN, ROLES, World, doors
from tests.laws.world import a_world, write_downtime_lists

Fields = tuple[tuple[str, str], ...]

PROVIDER_AWAY = 503
NOT_SENT = {"/sign-out", "/sign-in/start"}
"""Forms that lead to the sign-in provider. This test has none."""


@dataclass(frozen=True)
class Form:
    method: str
    address: str
    fields: Fields


def forms_on(text: str, here: str) -> Iterator[Form]:
    """Every form of a page, with values that the page offers."""
    for element in html5lib.parse(text, namespaceHTMLElements=False).iter("form"):
        fields: dict[str, str] = {}
        for item in element.iter():
            if item.tag in {"input", "textarea", "select", "button"} and item.get("name"):
                fields.setdefault(item.get("name", ""), _filled(item))
        address = element.get("action") or here
        yield Form(element.get("method", "get"), address, tuple(fields.items()))


def _filled(item: Element) -> str:
    if item.tag == "select":
        values = [one.get("value", "") for one in item.iter("option")]
        return next(filter(None, values), "")
    typed = (item.text or "") if item.tag == "textarea" else item.get("value", "")
    if typed:
        return typed
    name = item.get("name", "")
    return {"day": "3", "month": "4", "year": "1984"}.get(name.rpartition("-")[2], "Some words")


def odd_versions(fields: Fields) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The fields as no page sends them, each with a description of the difference."""
    for name, value in fields:
        if name in {"csrf_token", submissions.FIELD}:
            continue
        others = [pair for pair in fields if pair[0] != name]
        yield f"without {name}", others
        yield f"with an empty {name}", [*others, (name, "")]
        yield f"with {name} as a list", [*others, (f"{name}[]", value), (f"{name}[0]", value)]
        yield f"with an unknown {name}", [*others, (name, "zz\u0663\u202e" * 40)]
        yield f"with {name} twice", [*others, (name, value), (name, "2")]


def send(client: FlaskClient, form: Form, fields: list[tuple[str, str]]) -> int:
    cookie = client.get_cookie(COOKIE)
    fresh = [
        (name, submissions.new_key() if name == submissions.FIELD else value)
        for name, value in fields
    ]
    if form.method == "post":
        data: dict[str, list[str]] = {}
        for name, value in fresh:
            data.setdefault(name, []).append(value)
        status = client.post(form.address, data=data).status_code
    else:
        status = client.get(form.address, query_string=fresh).status_code
    if cookie is not None:
        client.set_cookie(COOKIE, cookie.value)
    return status


@pytest.fixture
def world(app: Flask, database: Session) -> World:
    world = a_world(database)
    database.commit()
    write_downtime_lists(database, app)
    return world


def pages_of(
    app: Flask, world: World, role: Role, browser: FlaskClient
) -> Iterator[tuple[str, str]]:
    """Address and text of every page about the role's own things that it may open."""
    world.sessions.setdefault(role, "0" * 20)
    for rule, method in doors(app):
        if method != "GET" or "callback" in rule.rule or "start" in rule.rule:
            continue
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **world.arguments(rule, role, OWN))
        answer = browser.get(path)
        if answer.status_code == 200 and answer.text.startswith("<!DOCTYPE"):
            yield path, answer.text


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_no_form_stumbles_over_a_field(
    app: Flask, world: World, sign_in: Callable[[Account], FlaskClient], role: Role
) -> None:
    browser = sign_in(world.accounts[role])
    seen: set[tuple[str, str]] = set()
    faults = []
    for path, text in list(pages_of(app, world, role, browser)):
        for form in forms_on(text, path):
            known = form.method, form.address
            if known in seen or form.address in NOT_SENT:
                continue
            seen.add(known)
            for what, fields in odd_versions(form.fields):
                status = send(browser, form, fields)
                if status >= 500 and status != PROVIDER_AWAY:
                    faults.append(f"{form.method} {form.address} {what}: {status}")

    assert faults == []
    assert len(seen) > 10
