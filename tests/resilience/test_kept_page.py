"""The load balancer answers by itself: browsers show the waiting page that they have kept."""

from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.development.cognito.people import SIAN_DAVIES, WEI_LING_CHEN
from portal.web.kept_page import FILES
from tests.accessibility import check_accessibility
from tests.builders import a_patient
from tests.chromium import Visitor
from tests.plugins.signin import LivePortal, live_portal_over, sign_in_as
from tests.resilience.conftest import Hospitals
from tests.resilience.line import Line

CLINICS, NEW = "/administration/clinics", "/administration/clinics/new"
BARE = b"<html><head><title>503 Service Temporarily Unavailable</title></head></html>"
WAITS = "We'll be back in a moment"
KEPT = """async () => {
    const addresses = [];
    for (const name of await caches.keys()) {
        for (const one of await (await caches.open(name)).keys()) addresses.push(one.url);
    }
    return addresses;
}"""
WORDS = """async () => {
    const page = await caches.match("/portal-away");
    return page.text();
}"""


class Balancer:
    """Before the portal. While `bare`, it answers by itself, as a load balancer without targets does.

    While `busy` too, but it says when to try again, as the proxy before the portal does.
    """

    def __init__(self, portal: WSGIApplication) -> None:
        self._portal = portal
        self.bare = self.busy = False

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not self.bare and not self.busy:
            return self._portal(environ, start)
        again = [("Retry-After", "5")] if self.busy else []
        start("503 Service Temporarily Unavailable", [("Content-Type", "text/html"), *again])
        return [BARE]


@pytest.fixture
def live(own_server: Hospitals, line: Line, records: Session) -> Iterator[LivePortal]:
    with live_portal_over(own_server.url(line.port)) as live:
        yield live


@pytest.fixture
def balancer(live: LivePortal) -> Balancer:
    balancer = Balancer(live.app.wsgi_app)
    live.app.wsgi_app = balancer  # type: ignore[assignment, method-assign]
    return balancer


@pytest.fixture
def page(live: LivePortal, new_visitor: Callable[..., Visitor]) -> Page:
    """Of somebody who has opened the portal before, and whose browser has kept the page."""
    visitor = new_visitor(expected_statuses=frozenset({404, 503}), service_workers=True)
    page = visitor.open_page()
    page.goto(f"{live.url}/sign-in")
    page.evaluate("navigator.serviceWorker.ready")
    return page


def sees(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=60_000)


def test_a_bare_503_becomes_the_waiting_page_until_the_portal_is_back(
    live: LivePortal, balancer: Balancer, page: Page
) -> None:
    sign_in_as(page, WEI_LING_CHEN, live.url)
    balancer.bare = True
    page.goto(f"{live.url}{CLINICS}?sort=name")
    sees(page, WAITS)
    expect(page.get_by_text("Trying again")).to_be_visible()
    expect(page.get_by_text("In an emergency call 999")).to_be_visible()
    check_accessibility(page)

    balancer.bare = False
    sees(page, "Clinics")
    assert page.url == f"{live.url}{CLINICS}?sort=name"


def test_nothing_at_all_becomes_the_waiting_page_too(live: LivePortal, page: Page) -> None:
    page.context.set_offline(True)
    page.goto(f"{live.url}/sign-in")
    sees(page, WAITS)

    page.context.set_offline(False)
    page.get_by_role("link", name="Try again now").click()
    sees(page, "Sign in to MediCare Hub")


def test_no_page_about_anybody_is_kept(live: LivePortal, page: Page, records: Session) -> None:
    patient = a_patient(records, given="Zebedee")
    records.commit()
    sign_in_as(page, SIAN_DAVIES, live.url)
    page.goto(f"{live.url}/patients/{patient.ref}")
    expect(page.get_by_text("Zebedee").first).to_be_visible()
    kept = page.evaluate(KEPT)

    expected = {"/portal-away", *(f"/static/{name}" for name in FILES)}
    assert {address.removeprefix(live.url).split("?")[0] for address in kept} == expected
    words = page.evaluate(WORDS)
    assert WAITS in words
    assert "Zebedee" not in words
    assert SIAN_DAVIES.name not in words
    assert "Sign out" not in words


def test_forms_sign_in_and_the_portals_own_answers_are_as_before(
    live: LivePortal, balancer: Balancer, page: Page
) -> None:
    sign_in_as(page, WEI_LING_CHEN, live.url)
    page.goto(live.url + NEW)
    page.get_by_label("Name", exact=True).fill("North")
    page.get_by_role("button", name="Add the clinic").click()
    expect(page.get_by_role("alert")).to_contain_text("Done")
    page.goto(f"{live.url}/nowhere")
    sees(page, "We can't find this page")
    balancer.busy = True
    page.goto(live.url + CLINICS)
    expect(page).to_have_title("503 Service Temporarily Unavailable")
