"""A form that is sent while the database is away sends itself later; after a sign-out, on confirmation."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.development.cognito.people import SIAN_DAVIES, WEI_LING_CHEN
from portal.models import KeptForm, Location, SignInSession
from tests.accessibility import check_accessibility
from tests.chromium import PHONE, Visitor
from tests.plugins.signin import LivePortal, live_portal_over, sign_in_as
from tests.resilience.conftest import Hospitals
from tests.resilience.forms import NEW, everybody_idles
from tests.resilience.line import Line

AWAY = frozenset({503})


TYPED = 'North & "South" <Wing>'


WAITS = "Not sent yet: what you typed is kept"


@pytest.fixture
def live(own_server: Hospitals, line: Line, records: Session) -> Iterator[LivePortal]:
    with live_portal_over(own_server.url(line.port), DATABASE_PATIENCE_SECONDS="1") as live:
        yield live


@pytest.fixture(params=["with script", "without", "on a phone"])
def visitor(request: pytest.FixtureRequest, new_visitor: Callable[..., Visitor]) -> Visitor:
    options: dict[str, dict[str, Any]] = {
        "with script": {},
        "without": {"javascript": False},
        "on a phone": {"viewport": PHONE},
    }
    return new_visitor(expected_statuses=AWAY, **options[request.param])


def scripted(page: Page) -> bool:
    return not page.evaluate("matchMedia('(scripting: none)').matches")


def names(records: Session) -> list[str]:
    records.rollback()
    return list(records.scalars(select(Location.name)))


def test_a_form_waits_for_the_database_and_lands_where_it_was_meant_to(
    live: LivePortal, visitor: Visitor, line: Line, records: Session
) -> None:
    page = visitor.open_page()
    sign_in_as(page, WEI_LING_CHEN, live.url)
    page.goto(live.url + NEW)
    page.get_by_label("Name", exact=True).fill(TYPED)
    line.cut()
    page.get_by_role("button", name="Add the clinic").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WAITS)
    check_accessibility(page)
    assert names(records) == []

    if scripted(page):
        expect(page.get_by_text("Trying again")).to_be_visible()
    else:
        expect(page.get_by_text("this page open")).to_be_hidden()
    line.open()
    if not scripted(page):
        page.get_by_role("button", name="Send it again now").click()

    expect(page.get_by_role("alert")).to_contain_text("Done", timeout=30_000)
    assert names(records) == [TYPED]


def test_a_page_waits_for_the_database_and_opens(
    live: LivePortal, visitor: Visitor, line: Line
) -> None:
    page = visitor.open_page()
    sign_in_as(page, WEI_LING_CHEN, live.url)
    line.cut()
    page.goto(live.url + NEW)
    expect(page.get_by_role("heading", level=1)).to_have_text("We'll be back in a moment")
    check_accessibility(page)

    line.open()
    if not scripted(page):
        page.get_by_role("button", name="Try again now").click()

    expect(page.get_by_label("Name", exact=True)).to_be_visible(timeout=30_000)


def test_a_question_that_is_never_answered_is_asked_again(
    live: LivePortal, new_visitor: Callable[..., Visitor], line: Line
) -> None:
    """As when a load balancer's node disappears together with the browser's connection."""
    page = new_visitor(expected_statuses=AWAY).open_page()
    sign_in_as(page, WEI_LING_CHEN, live.url)
    line.cut()
    page.goto(live.url + NEW)
    expect(page.get_by_role("heading", level=1)).to_have_text("We'll be back in a moment")
    line.open()
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    page.route("**/health/ready", answer)

    expect(page.get_by_label("Name", exact=True)).to_be_visible(timeout=60_000)
    assert len(asked) > 1


def sent_too_late(live: LivePortal, visitor: Visitor, records: Session) -> Page:
    """Wei-Ling sent a form after her session had ended, and stands before the sign-in."""
    page = visitor.open_page()
    sign_in_as(page, WEI_LING_CHEN, live.url)
    page.goto(live.url + NEW)
    page.get_by_label("Name", exact=True).fill(TYPED)
    everybody_idles(records)
    page.get_by_role("button", name="Add the clinic").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have been signed out")
    page.get_by_role("button", name="Sign in again").click()
    return page


def test_a_form_of_somebody_who_was_signed_out_is_shown_and_sent_when_they_are_back(
    live: LivePortal, visitor: Visitor, records: Session
) -> None:
    page = sent_too_late(live, visitor, records)
    page.get_by_role("button", name=f"Sign in as {WEI_LING_CHEN.name}").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What you typed was kept")
    expect(page.get_by_role("definition")).to_contain_text([TYPED])
    check_accessibility(page)
    assert names(records) == []
    page.get_by_role("button", name="Send it now").click()

    expect(page.get_by_role("alert")).to_contain_text("Done")
    assert names(records) == [TYPED]


def test_it_is_kept_too_when_another_tab_found_out_first(
    live: LivePortal, new_visitor: Callable[..., Visitor], records: Session
) -> None:
    visitor = new_visitor()
    page = visitor.open_page()
    sign_in_as(page, WEI_LING_CHEN, live.url)
    page.goto(live.url + NEW)
    page.get_by_label("Name", exact=True).fill(TYPED)
    everybody_idles(records)
    other = page.context.new_page()
    other.goto(live.url + NEW)
    expect(other.get_by_role("heading", level=1)).to_have_text("You have been signed out")

    page.get_by_role("button", name="Add the clinic").click()
    page.get_by_role("button", name="Sign in again").click()
    page.get_by_role("button", name=f"Sign in as {WEI_LING_CHEN.name}").click()
    page.get_by_role("button", name="Send it now").click()

    expect(page.get_by_role("alert")).to_contain_text("Done")
    assert names(records) == [TYPED]


def test_a_form_in_a_session_that_somebody_ended_is_nobodys(
    live: LivePortal, new_visitor: Callable[..., Visitor], records: Session
) -> None:
    page = new_visitor().open_page()
    sign_in_as(page, WEI_LING_CHEN, live.url)
    page.goto(live.url + NEW)
    page.get_by_label("Name", exact=True).fill(TYPED)
    records.execute(update(SignInSession).values(ended_at=datetime.now(UTC)))
    records.commit()

    page.get_by_role("button", name="Add the clinic").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You have been signed out")
    assert records.scalar(select(func.count()).select_from(KeptForm)) == 0


def test_somebody_else_gets_nothing_of_it(
    live: LivePortal, new_visitor: Callable[..., Visitor], records: Session
) -> None:
    page = sent_too_late(live, new_visitor(), records)
    page.get_by_role("button", name=f"Sign in as {SIAN_DAVIES.name}").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("We can't find this page")
    assert "North" not in page.content()
    assert names(records) == []
