"""What a page says while its form is on its way for longer than usual, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.chromium import Visitor
from tests.plugins.signin import LivePortal

STILL_TRYING = "This is taking longer than usual. We are still trying."
# Playwright's own calls wait until the next page is there. So the page itself tells what it shows.
TELL = """() => new MutationObserver(() => {
    const words = document.querySelector(".mch-slow").innerText;
    if (words) fetch("/told?" + encodeURIComponent(words));
}).observe(document.body, { childList: true, subtree: true })"""

FORM = '<form action="/slow"><button>Save</button></form>'


@pytest.fixture
def page(live_portal: LivePortal, new_visitor: Callable[..., Visitor]) -> Page:
    page = new_visitor(base_url=live_portal.url).open_page()
    page.goto("/sign-in")
    return page


def test_a_page_says_that_it_is_still_trying_until_the_next_one_is_there(page: Page) -> None:
    held: list[Route] = []
    told: list[Route] = []

    def let_the_answer_come(route: Route) -> None:
        told.append(route)
        held.pop().fulfill(status=200, content_type="text/html", body="<h1>There</h1>")

    page.route("**/slow*", lambda route: held.append(route))
    page.route("**/told?*", let_the_answer_come)
    page.evaluate(TELL)
    page.evaluate(
        "form => document.querySelector('main').insertAdjacentHTML('beforeend', form)", FORM
    )

    page.get_by_role("button", name="Save").click(no_wait_after=True)

    expect(page.get_by_role("heading", name="There")).to_be_visible()
    assert len(told) == 1
    assert "taking%20longer%20than%20usual" in told[0].request.url
    expect(page.get_by_text(STILL_TRYING)).to_have_count(0)
