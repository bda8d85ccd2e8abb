"""A form that is sent while the database is away, or after its sender was signed out, goes on by itself."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, KeptForm, Location, SignInSession
from portal.signin.development_cognito.people import SIAN_DAVIES, WEI_LING_CHEN
from portal.web.waiting_pages import LONGEST_FORM
from tests.accessibility import check_accessibility
from tests.chromium import PHONE, Visitor
from tests.hospital import an_account
from tests.plugins.signin import LivePortal, live_portal_over, sign_in_as
from tests.resilience.conftest import Hospitals
from tests.resilience.line import Line

NEW = "/administration/clinics/new"
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
    """As by a load balancer's node that went dark with the browser's connection."""
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


def everybody_idles(records: Session) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=1)
    records.execute(update(SignInSession).values(last_seen_at=long_ago))
    records.commit()


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


def test_a_form_of_somebody_who_was_signed_out_goes_on_when_they_are_back(
    live: LivePortal, visitor: Visitor, records: Session
) -> None:
    page = sent_too_late(live, visitor, records)
    by_itself = scripted(page)
    page.get_by_role("button", name=f"Sign in as {WEI_LING_CHEN.name}").click()

    if not by_itself:
        expect(page.get_by_role("heading", level=1)).to_have_text("What you typed was kept")
        check_accessibility(page)
        page.get_by_role("button", name="Send it now").click()

    expect(page.get_by_role("alert")).to_contain_text("Done")
    assert names(records) == [TYPED]


def test_it_goes_on_too_when_another_tab_found_out_first(
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


class TestWhatIsKept:
    @pytest.fixture
    def account(self, records: Session) -> Account:
        account = an_account(records, Role.ADMINISTRATOR)
        records.commit()
        return account

    def late(self, browser: FlaskClient, records: Session, path: str, **fields: Any) -> str:
        everybody_idles(records)
        answer = browser.post(path, data={"submission": "0" * 32, **fields})
        assert answer.status_code == 302
        return answer.location or ""

    def kept(self, records: Session) -> int:
        records.rollback()
        return len(records.scalars(select(KeptForm.id)).all())

    def test_no_more_than_a_few_forms_of_one_account(
        self, browser_of: Callable[[Account], FlaskClient], account: Account, records: Session
    ) -> None:
        browser = browser_of(account)
        for _ in range(8):
            assert "/kept-forms/" in self.late(browser, records, NEW, name="North")

        assert self.kept(records) == 5

    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            ("/claim-record", {"code": "7KQF2M9XPD3T"}),
            (NEW, {"name": "x" * LONGEST_FORM}),
            (NEW, {"submission": ""}),
        ],
    )
    def test_nothing_that_is_secret_too_long_or_without_a_key(
        self,
        browser_of: Callable[[Account], FlaskClient],
        account: Account,
        records: Session,
        path: str,
        fields: dict[str, str],
    ) -> None:
        location = self.late(browser_of(account), records, path, **fields)

        assert location == "/session-ended"
        assert self.kept(records) == 0

    def test_nothing_of_somebody_who_was_never_here(self, app: Flask, records: Session) -> None:
        assert self.late(app.test_client(), records, NEW, name="North") == "/sign-in"
        assert self.kept(records) == 0
