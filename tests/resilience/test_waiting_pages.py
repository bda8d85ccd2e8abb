"""Which page waits for the database, what it says, and where it leads when that works again."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from portal.web import waiting_pages
from tests.builders import an_account
from tests.drill.pages import Page
from tests.resilience.line import Line

NEW = "http://127.0.0.1/administration/clinics/new"
WAITS = "Not sent yet: what you typed is kept"
BACK_SOON = "We&#39;ll be back in a moment"


@pytest.fixture
def browser(browser_of: Callable[[Account], FlaskClient], records: Session) -> FlaskClient:
    return browser_of(an_account(records, Role.ADMINISTRATOR))


def test_a_page_that_was_asked_for_is_opened_again(browser: FlaskClient, line: Line) -> None:
    line.cut()
    page = browser.get("/administration/clinics?sort=name")
    assert page.status_code == 503
    assert WAITS not in page.text
    assert waiting_pages.MESSAGE.split("'")[0] in page.text
    assert 'href="/administration/clinics?sort=name"' in page.text


def test_a_form_is_kept_and_a_file_is_not(browser: FlaskClient, line: Line) -> None:
    line.cut()
    typed = {"submission": "0" * 32, "name": "North"}
    page = browser.post("/administration/clinics/new", data=typed)
    assert (page.status_code, WAITS in page.text) == (503, True)
    assert 'name="name" value="North"' in page.text
    [form] = [one for one in Page(503, NEW, page.data).forms if one.waits]
    assert form.typed == {"action": "/administration/clinics/new?", **typed}
    file = (BytesIO(b"a letter"), "letter.txt")
    page = browser.post("/administration/clinics/new", data={**typed, "files": file})
    assert (page.status_code, WAITS in page.text) == (503, False)
    assert "Nothing was saved" in page.text


@pytest.mark.parametrize("message", ["The portal is being updated at the moment.", ""])
def test_it_says_what_is_away(app: Flask, message: str) -> None:
    with app.test_request_context("/somewhere"):
        page, status, _ = waiting_pages.waiting_page(message)
    assert status == 503
    assert ("being updated" in page) == bool(message)
    assert ("reach its records" in page) != bool(message)


def test_an_address_that_was_used_up_leads_to_a_new_start(app: Flask) -> None:
    with app.test_request_context("/sign-in/callback?code=used"):
        g.try_again_at = "/sign-in/start"
        page, _, _ = waiting_pages.waiting_page("")
    assert 'href="/sign-in/start"' in page
    assert "used" not in page
