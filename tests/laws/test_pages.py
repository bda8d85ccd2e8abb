"""Every page is valid HTML5 with a title and a heading, and needs few SQL statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal.access import Role
from portal.models import Account
from tests.laws.access_matrix import OWN, World, doors
from tests.laws.crowd import crowd
from tests.laws.html_checker import faults_of
from tests.laws.world import a_world, write_downtime_lists

MOST_STATEMENTS = 10
"""The limit for any page. Feature tests allow 8 for the most used pages."""

OF_TWO_RECORDS = "<string(length=20):other_ref>"
"""The page that compares two whole records reads both."""

XHTML = "{http://www.w3.org/1999/xhtml}"


class Page(NamedTuple):
    role: Role
    rule: Rule
    status: int
    text: str
    statements: int

    @property
    def name(self) -> str:
        return f"{self.role.value} {self.rule.rule}"


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collects the statements that are sent while the block runs."""
    seen: list[str] = []

    def count(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", count)


@pytest.fixture
def world(app: Flask, database: Session) -> World:
    world = a_world(database)
    database.commit()
    write_downtime_lists(database, app)
    return world


@pytest.fixture
def open_all(
    app: Flask, engine: Engine, world: World, sign_in: Callable[[Account], FlaskClient]
) -> Callable[[], list[Page]]:
    """Opens all pages about each role's own things that it may open."""

    def opened() -> list[Page]:
        pages = []
        for role, account in world.accounts.items():
            browser = sign_in(account)
            for rule, method in doors(app):
                if method == "GET" and "callback" not in rule.rule and "start" not in rule.rule:
                    pages.append(_open(app, engine, browser, world, role, rule))
        return [page for page in pages if page.status == 200 and page.text.startswith("<!DOCTYPE")]

    return opened


def _open(
    app: Flask, engine: Engine, browser: FlaskClient, world: World, role: Role, rule: Rule
) -> Page:
    world.sessions.setdefault(role, "0" * 20)
    with app.test_request_context():
        path = app.url_for(rule.endpoint, **world.arguments(rule, role, OWN))
    with counted(engine) as statements:
        answer = browser.get(path, follow_redirects=True)
    return Page(role, rule, answer.status_code, answer.text, len(statements))


def test_every_page_is_valid_html_with_a_title_and_one_heading(
    open_all: Callable[[], list[Page]],
) -> None:
    faults = []
    pages = open_all()
    for page in pages:
        parser = html5lib.HTMLParser(strict=False)
        document = parser.parse(page.text)
        faults += [f"{page.name}: {error[1]} {error[2]}" for error in parser.errors]
        title = document.findtext(f".//{XHTML}title") or ""
        headings = document.findall(f".//{XHTML}h1")
        if not title.endswith(" - MediCare Hub") or title.startswith(" -"):
            faults.append(f"{page.name}: its title is {title!r}")
        if len(headings) != 1 or not "".join(headings[0].itertext()).strip():
            faults.append(f"{page.name}: it has {len(headings)} h1")

    assert faults == []
    assert len(pages) > 80


def test_an_html_checker_finds_nothing(
    open_all: Callable[[], list[Page]], database: Session, world: World
) -> None:
    empty = open_all()
    crowd(database, world, times=3)
    database.commit()

    assert faults_of((page.name, page.text) for page in [*empty, *open_all()]) == []


def test_the_html_checker_does_find_things() -> None:
    broken = '<!DOCTYPE html>\n<html lang="en"><body><span><ul></ul></span></body></html>'

    assert any("(element-permitted-content)" in fault for fault in faults_of([("a page", broken)]))


def test_no_page_carries_inline_script_or_style_without_its_nonce(
    open_all: Callable[[], list[Page]],
) -> None:
    for page in open_all():
        document = html5lib.parse(page.text)
        for script in document.iter(f"{XHTML}script"):
            assert script.get("src") or script.get("nonce"), page.name
        assert not list(document.iter(f"{XHTML}style")), page.name
        inline = [
            name
            for element in document.iter()
            for name in element.attrib
            if name == "style" or name.startswith("on")
        ]
        assert inline == [], page.name


def test_no_page_sends_more_statements_when_there_is_more_to_show(
    open_all: Callable[[], list[Page]], database: Session, world: World
) -> None:
    before = {page.name: page.statements for page in open_all()}
    crowd(database, world, times=12)
    database.commit()
    after = {page.name: page.statements for page in open_all()}

    grown = {
        name: (before[name], count)
        for name, count in after.items()
        if name in before and count > before[name]
    }
    assert grown == {}
    too_many = {name for name, count in after.items() if count > MOST_STATEMENTS}
    assert {name for name in too_many if not name.endswith(OF_TWO_RECORDS)} == set()
