"""The pages in a real Chromium, on a desk and on a phone, with JavaScript and without."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, ViewportSize

from tests.accessibility import check_accessibility
from tests.builders.tuesdays import Clinic
from tests.chromium import DESKTOP, PHONE, Visitor
from tests.plugins.signin import LivePortal
from tests.schedules.test_pages import pages


@pytest.fixture
def visit(
    live_portal: LivePortal,
    administrator: FlaskClient,
    new_visitor: Callable[..., Visitor],
) -> Callable[..., Page]:
    """Opens a page in which the administrator is signed in."""

    def open_page(viewport: ViewportSize, *, javascript: bool) -> Page:
        visitor = new_visitor(
            viewport=viewport,
            javascript=javascript,
            base_url=live_portal.url,
            expected_statuses=frozenset({400}),
        )
        cookie = administrator.get_cookie("portal")
        assert cookie is not None
        visitor.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_portal.url}]
        )
        return visitor.open_page()

    return open_page


@pytest.mark.parametrize(
    ("viewport", "javascript"), [(DESKTOP, True), (PHONE, True), (PHONE, False)]
)
def test_every_page_can_be_used_by_everybody(
    visit: Callable[..., Page], open_clinic: Clinic, viewport: ViewportSize, javascript: bool
) -> None:
    page = visit(viewport, javascript=javascript)
    for address in pages(open_clinic):
        page.goto(address)
        check_accessibility(page)


def test_leave_is_added_by_hand(visit: Callable[..., Page], open_clinic: Clinic) -> None:
    open_clinic.booked("9:20")
    open_clinic.session.commit()
    page = visit(PHONE, javascript=False)
    page.goto(f"/administration/practitioners/{open_clinic.practitioner.ref}/week")
    page.get_by_role("button", name="Add leave").click()

    page.get_by_role("button", name="Add leave").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    check_accessibility(page)

    for group in ("First day", "Last day"):
        day = page.get_by_role("group", name=group)
        for part, value in (("Day", "10"), ("Month", "3"), ("Year", "2026")):
            day.get_by_label(part, exact=True).fill(value)
    page.get_by_label("Reason").fill("Annual leave")
    page.get_by_role("button", name="Add leave").click()
    page.get_by_role("heading", name="1 booked appointment must be rebooked").wait_for()
    check_accessibility(page)

    page.get_by_role("button", name="Confirm and add leave").click()
    page.get_by_text("The leave has been added. 8 free times removed.").wait_for()
    check_accessibility(page)
