"""The warning before a session ends, as a person sees it in one tab or two, with scripts or without."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.development.cognito.people import CALLUM_FRASER
from portal.models import SignInSession
from tests.accessibility import check_accessibility
from tests.chromium import DESKTOP, PHONE, Visitor
from tests.plugins.signin import LivePortal, sign_in_as

TITLE = "You will be signed out soon"


class Tabs:
    """Somebody signed in, with one tab or several, whose clocks a test can move on."""

    def __init__(self, live: LivePortal, visitor: Visitor, database: Session) -> None:
        self.live, self.visitor, self.database = live, visitor, database
        self.visitor.context.clock.install()
        self.first = self.visitor.open_page()
        sign_in_as(self.first, CALLUM_FRASER, live.url)
        self.first.goto(f"{live.url}/sign-ins")

    def another(self) -> Page:
        page = self.visitor.open_page()
        page.goto(f"{self.live.url}/sign-ins")
        return page

    def let_pass(self, **times: int) -> None:
        """Time in which nothing is asked for: on the browser's clock and in the session's row."""
        passed = timedelta(**times)
        self.database.execute(update(SignInSession).values(last_seen_at=datetime.now(UTC) - passed))
        self.database.commit()
        self.visitor.context.clock.fast_forward(int(passed.total_seconds() * 1000))


@pytest.fixture
def tabs(live_portal: LivePortal, new_visitor: Callable[..., Visitor], database: Session) -> Tabs:
    return Tabs(live_portal, new_visitor(), database)


def warning(page: Page) -> Locator:
    return page.get_by_role("dialog", name=TITLE)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_warning_in_time_and_staying(
    live_portal: LivePortal,
    new_visitor: Callable[..., Visitor],
    database: Session,
    viewport: object,
) -> None:
    tabs = Tabs(live_portal, new_visitor(viewport=viewport), database)
    tabs.let_pass(minutes=27)
    expect(warning(tabs.first)).to_be_hidden()

    tabs.let_pass(minutes=28, seconds=1)

    expect(warning(tabs.first)).to_be_visible()
    expect(tabs.first.get_by_role("heading", name=TITLE)).to_be_focused()
    expect(tabs.first.locator("[data-time-left]")).to_have_text(re.compile("2 minutes"))
    expect(tabs.first.get_by_role("status")).to_have_text("You will be signed out in 2 minutes.")
    check_accessibility(tabs.first)
    tabs.first.get_by_role("button", name="Stay signed in").click()
    expect(warning(tabs.first)).to_be_hidden()
    # Nothing told this tab of what is done elsewhere in the meantime: it asks before it warns.
    with tabs.first.expect_response("**/session/remaining") as asked:
        tabs.visitor.context.clock.fast_forward(29 * 60 * 1000)
    asked.value.finished()
    tabs.first.evaluate("new Promise(done => setTimeout(done))")  # the page has taken it in
    expect(warning(tabs.first)).to_be_hidden()
    tabs.let_pass(minutes=28, seconds=1)
    expect(warning(tabs.first)).to_be_visible()


def test_after_the_end_the_page_is_left(tabs: Tabs) -> None:
    tabs.let_pass(minutes=30)

    expect(tabs.first.get_by_role("heading", name="You have been signed out")).to_be_visible()
    assert tabs.first.url == f"{tabs.live.url}/session-ended?next=%2Fsign-ins"
    check_accessibility(tabs.first)
    tabs.first.get_by_role("button", name="Sign in again").click()
    tabs.first.get_by_role("button", name=f"Sign in as {CALLUM_FRASER.name}").click()
    assert tabs.first.url == f"{tabs.live.url}/sign-ins"


def test_the_seconds_are_counted_down_to_the_end(tabs: Tabs) -> None:
    tabs.let_pass(minutes=29)
    expect(tabs.first.locator("[data-time-left]")).to_have_text(re.compile("59 seconds|1 minute"))

    tabs.database.execute(update(SignInSession).values(ended_at=datetime.now(UTC)))
    tabs.database.commit()
    tabs.visitor.context.clock.run_for(61_000)

    expect(tabs.first.get_by_role("heading", name="You have been signed out")).to_be_visible()


def test_staying_in_one_tab_counts_for_all(tabs: Tabs) -> None:
    second = tabs.another()
    tabs.let_pass(minutes=29)
    expect(warning(tabs.first)).to_be_visible()
    expect(warning(second)).to_be_visible()

    second.get_by_role("button", name="Stay signed in").click()

    expect(warning(second)).to_be_hidden()
    expect(warning(tabs.first)).to_be_hidden()


def test_somebody_at_work_in_another_tab_is_not_warned_in_this_one(tabs: Tabs) -> None:
    tabs.let_pass(minutes=10)
    tabs.another()

    tabs.visitor.context.clock.fast_forward(19 * 60 * 1000)

    expect(warning(tabs.first)).to_be_hidden()


def test_signing_out_from_the_warning(tabs: Tabs) -> None:
    tabs.let_pass(minutes=29)

    warning(tabs.first).get_by_role("button", name="Sign out").click()

    tabs.first.wait_for_url("**/signed-out")


def test_pressing_escape_counts_as_activity(tabs: Tabs) -> None:
    tabs.let_pass(minutes=29)
    expect(warning(tabs.first)).to_be_visible()

    tabs.first.keyboard.press("Escape")

    expect(warning(tabs.first)).to_be_hidden()
    asked = tabs.first.evaluate("fetch('/session/remaining').then(answer => answer.json())")
    assert asked["seconds"] > 1700


def test_nobody_stays_beyond_the_absolute_limit(tabs: Tabs) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=100)
    tabs.database.execute(update(SignInSession).values(expires_at=soon))
    tabs.database.commit()

    tabs.first.reload()

    expect(warning(tabs.first)).to_be_visible()
    expect(
        tabs.first.get_by_text("You have been signed in for the longest time that is allowed")
    ).to_be_visible()
    expect(tabs.first.get_by_role("button", name="Stay signed in")).to_be_hidden()

    # It must not prevent people from saving their work; the session ends anyway.
    tabs.first.get_by_role("button", name="Continue for now").click()
    with tabs.first.expect_response("**/session/remaining"):
        tabs.first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tabs.visitor.context.clock.run_for(30_000)
    expect(warning(tabs.first)).to_be_hidden()
    tabs.database.execute(update(SignInSession).values(expires_at=datetime.now(UTC)))
    tabs.database.commit()
    tabs.visitor.context.clock.run_for(80_000)
    expect(tabs.first.get_by_role("heading", name="You have been signed out")).to_be_visible()


def test_a_portal_that_does_not_answer_signs_nobody_out_early(
    live_portal: LivePortal, new_visitor: Callable[..., Visitor], database: Session
) -> None:
    tabs = Tabs(live_portal, new_visitor(expected_statuses=frozenset({503})), database)
    tabs.first.route("**/session/remaining", lambda route: route.fulfill(status=503))
    tabs.let_pass(minutes=29)
    expect(tabs.first.get_by_role("heading", name="Your sign-ins")).to_be_visible()

    tabs.first.unroute("**/session/remaining")
    tabs.visitor.context.clock.run_for(11_000)

    expect(warning(tabs.first)).to_be_visible()


def test_without_scripts_the_page_says_until_when(
    live_portal: LivePortal, new_visitor: Callable[..., Visitor], database: Session
) -> None:
    page = new_visitor(javascript=False).open_page()
    sign_in_as(page, CALLUM_FRASER, live_portal.url)
    page.goto(f"{live_portal.url}/sign-ins")

    said = page.get_by_text("If you do nothing, you will be signed out at")
    assert re.search(r"at (\d+(:\d\d)?[ap]m|midday|midnight)\.$", said.inner_text())
    expect(page.get_by_text(TITLE)).to_be_hidden()
