"""The error summary lists errors in the page's order, and each link leads to its field."""

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from portal.web import submissions
from tests.laws.access_matrix import COOKIE, ROLES, World
from tests.laws.test_forms import NOT_SENT, Form, forms_on, pages_of
from tests.laws.world import a_world, write_downtime_lists

KEPT = {"csrf_token", submissions.FIELD}
TOO_LONG = "zz\u0663" * 400


@pytest.fixture
def world(app: Flask, database: Session) -> World:
    world = a_world(database)
    database.commit()
    write_downtime_lists(database, app)
    return world


def refused_versions(form: Form) -> Iterator[list[tuple[str, str]]]:
    """Sends the form empty, and with values that no field accepts."""
    for value in ("", TOO_LONG):
        yield [
            (name, submissions.new_key() if name == submissions.FIELD else kept)
            if name in KEPT
            else (name, value)
            for name, kept in form.fields
        ]


def answer(client: FlaskClient, form: Form, fields: list[tuple[str, str]]) -> str:
    cookie = client.get_cookie(COOKIE)
    if form.method == "post":
        text = client.post(form.address, data=dict(fields)).text
    else:
        text = client.get(form.address, query_string=fields).text
    if cookie is not None:
        client.set_cookie(COOKIE, cookie.value)
    return text


def links_of_summary(page: Element) -> list[str]:
    for element in page.iter():
        if "nhsuk-error-summary" in element.get("class", "").split():
            return [link.get("href", "").removeprefix("#") for link in element.iter("a")]
    return []


def out_of_order(text: str) -> str:
    """The fault in the page's summary, in words; empty when there is none."""
    page = html5lib.parse(text, namespaceHTMLElements=False)
    links = links_of_summary(page)
    places = {element.get("id"): place for place, element in enumerate(page.iter())}
    lost = [link for link in links if link not in places]
    if lost:
        return f"nothing on the page has the id {lost}"
    return "" if links == sorted(links, key=lambda link: places[link]) else f"the order is {links}"


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_summaries_follow_the_page(
    app: Flask, world: World, sign_in: Callable[[Account], FlaskClient], role: Role
) -> None:
    browser = sign_in(world.accounts[role])
    faults, summaries = [], 0
    for path, text in list(pages_of(app, world, role, browser)):
        for form in forms_on(text, path):
            if form.address in NOT_SENT:
                continue
            for fields in refused_versions(form):
                refused = answer(browser, form, fields)
                summaries += "nhsuk-error-summary" in refused
                if fault := out_of_order(refused):
                    faults.append(f"{form.address}: {fault}")

    assert not faults, "\n".join(sorted(set(faults)))
    assert summaries or role is Role.NURSE


def test_the_law_sees_a_summary_that_is_out_of_order() -> None:
    summary = '<div class="nhsuk-error-summary"><a href="#b">B</a><a href="#a">A</a></div>'

    assert out_of_order(summary + '<input id="a"><input id="b">') == "the order is ['b', 'a']"
    assert out_of_order(summary + '<input id="b">') == "nothing on the page has the id ['a']"
    assert out_of_order(summary + '<input id="b"><input id="a">') == ""
