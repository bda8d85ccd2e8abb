"""The script that saves a note while it is being written, in a real browser, and the pages without it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account, Note
from portal.vocabulary import CompositionStatus
from tests.accessibility import check_accessibility
from tests.builders import an_allergy, vital_signs
from tests.builders.ward import Ward, make_ward
from tests.chromium import Visitor
from tests.eventually import eventually
from tests.plugins.signin import LivePortal

PHONE = {"width": 320, "height": 640}
Enter = Callable[[Account], Page]


@pytest.fixture
def ward(database: Session, live_portal: LivePortal) -> Ward:
    ward = make_ward(database, datetime.now(UTC))
    an_allergy(database, ward.patient, "Penicillin")
    vital_signs(database, ward.patient, {"8867-4": "80", "29463-7": "72.50"})
    database.commit()
    return ward


@pytest.fixture
def enter(
    live_portal: LivePortal,
    sign_in: Callable[[Account], FlaskClient],
    new_visitor: Callable[..., Visitor],
) -> Callable[..., Page]:
    """Gives a page of a browser in which this account is signed in."""

    def page_of(account: Account, **options: object) -> Page:
        cookie = sign_in(account).get_cookie("portal")
        assert cookie is not None
        visitor = new_visitor(base_url=live_portal.url, **options)
        visitor.context.add_cookies(
            [{"name": "portal", "value": cookie.value, "url": live_portal.url}]
        )
        return visitor.open_page()

    return page_of


def write(ward: Ward) -> str:
    return f"/patients/{ward.patient.ref}/record/visits/{ward.visit.ref}/note"


def body_of(database: Session) -> str:
    database.rollback()
    return database.scalar(select(Note.body)) or ""


def test_a_draft_is_saved_during_typing_and_when_the_tab_is_closed(
    ward: Ward, enter: Enter, database: Session
) -> None:
    page = enter(ward.doctor)
    page.goto(write(ward))
    box = page.get_by_label("Note", exact=True)
    box.press_sequentially("Feels better. ")
    expect(page.get_by_role("status")).to_contain_text("Draft saved at")
    assert body_of(database) == "Feels better. "

    box.press_sequentially("Sleeps well.")
    page.close()
    assert eventually(lambda: body_of(database) == "Feels better. Sleeps well.")


def test_what_the_script_saved_is_signed_with_the_last_word(
    ward: Ward, enter: Enter, database: Session
) -> None:
    page = enter(ward.doctor)
    page.goto(write(ward))
    box = page.get_by_label("Note", exact=True)
    box.press_sequentially("One")
    expect(page.get_by_role("status")).to_contain_text("Draft saved at")
    box.press_sequentially(" two")
    page.get_by_role("button", name="Sign and close the visit").click()
    expect(page.get_by_text("The note is signed.")).to_be_visible()
    database.rollback()
    note = database.scalars(select(Note)).one()
    assert (note.body, note.status) == ("One two", CompositionStatus.FINAL)


def test_the_pages_are_for_everybody_and_fit_a_phone(
    ward: Ward, enter: Callable[..., Page]
) -> None:
    page = enter(ward.doctor, viewport=PHONE)
    record = f"/patients/{ward.patient.ref}/record"
    for path in (
        *("", "/allergies", "/allergies/new", "/problems/new", "/medicines/new", "/vitals"),
        *("/vitals/new", "/vitals/trends", "/notes", "/visits"),
    ):
        page.goto(record + path)
        check_accessibility(page)
    page.goto(write(ward))
    check_accessibility(page)
