"""Signing in while the database comes and goes."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.development.cognito.people import WEI_LING_CHEN
from portal.models import Account
from tests.chromium import Visitor
from tests.plugins.signin import LivePortal, live_portal_over
from tests.resilience.conftest import Hospitals
from tests.resilience.line import Line


@pytest.fixture
def live(own_server: Hospitals, line: Line, records: Session) -> Iterator[LivePortal]:
    with live_portal_over(own_server.url(line.port), DATABASE_PATIENCE_SECONDS="1") as live:
        yield live


@pytest.fixture
def at_the_provider(
    request: pytest.FixtureRequest, live: LivePortal, new_visitor: Callable[..., Visitor]
) -> Page:
    """Somebody who is about to come back from there; with a parameter, without scripts."""
    scripts = not hasattr(request, "param")
    page = new_visitor(javascript=scripts, expected_statuses=frozenset({503})).open_page()
    page.goto(f"{live.url}/sign-in")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name=f"Sign in as {WEI_LING_CHEN.name}")).to_be_visible()
    return page


def come_back(page: Page) -> None:
    page.get_by_role("button", name=f"Sign in as {WEI_LING_CHEN.name}").click()


@pytest.mark.parametrize("commit", [0, 1])
def test_a_lost_reply_to_a_commit_is_not_noticed(
    at_the_provider: Page, line: Line, records: Session, commit: int
) -> None:
    line.lose_replies_of_commits(after=commit)

    come_back(at_the_provider)

    expect(at_the_provider.get_by_role("button", name="Sign out")).to_be_visible()
    assert line.swallowed.is_set()
    assert records.scalar(select(func.count()).select_from(Account)) == 1


def test_somebody_who_comes_back_during_an_outage_waits_and_is_signed_in(
    at_the_provider: Page, line: Line
) -> None:
    line.cut()
    come_back(at_the_provider)
    expect(at_the_provider.get_by_role("heading", level=1)).to_have_text(
        "We'll be back in a moment"
    )

    line.open()

    expect(at_the_provider.get_by_role("button", name="Sign out")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("at_the_provider", ["without scripts"], indirect=True)
def test_somebody_with_a_used_code_starts_again_with_one_button(
    at_the_provider: Page, line: Line
) -> None:
    line.lose_replies_of_commits(3, after=1)
    come_back(at_the_provider)
    again = at_the_provider.get_by_role("button", name="Try again now")

    expect(again).to_have_attribute("href", "/sign-in/start")
    again.click()
    come_back(at_the_provider)
    expect(at_the_provider.get_by_role("button", name="Sign out")).to_be_visible()
