"""What does not change the second step: other sessions, old sign-ins, a set-up that failed."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.cognito import AWAY
from portal.development.cognito import one_time_codes
from portal.development.cognito.people import CALLUM_FRASER, WEI_LING_CHEN
from portal.errors import Unavailable
from portal.models import SignInSession
from portal.signin.provider import client as openid_client
from portal.signin.second_step import cookies
from portal.signin.second_step.software_token import SoftwareTokens
from portal.web import current
from tests.builders import audited, audited_deeds
from tests.chromium import Visitor
from tests.plugins.signin import LivePortal, sign_in_as
from tests.signin.second_step.flow import choose, cognito_of, enter, key_on, set_up, sign_in

Browsers = Callable[..., Visitor]


def begin_set_up(page: Page, url: str) -> str:
    """Callum signs in and comes as far as the key, which is returned."""
    sign_in_as(page, CALLUM_FRASER, url)
    page.goto(f"{url}/second-step")
    page.get_by_role("button", name="Sign in and set it up").click()
    choose(page, CALLUM_FRASER.name)
    return key_on(page)


def without_prompt(route: Route) -> None:
    answer = route.fetch(max_redirects=0)
    address = re.sub("&prompt=login", "", answer.headers["location"])
    route.fulfill(status=302, headers={**answer.headers, "location": address})


def test_a_session_by_password_alone_stays_closed_when_another_sets_it_up(
    hospital: LivePortal, nurse: str, new_visitor: Browsers
) -> None:
    other, page = new_visitor().open_page(), new_visitor().open_page()
    sign_in(other, nurse, hospital.url)
    sign_in(page, nurse, hospital.url)
    set_up(page, nurse, hospital.url)
    page.get_by_text("Your second step is set up").wait_for()

    other.goto(f"{hospital.url}/patients")
    assert other.url == f"{hospital.url}/second-step"
    other.get_by_role("button", name="Sign in again").wait_for()


def test_an_earlier_sign_in_is_not_enough_for_a_change(
    hospital: LivePortal, new_visitor: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = new_visitor(expected_statuses=frozenset({400})).open_page()
    sign_in_as(page, CALLUM_FRASER, hospital.url)
    monkeypatch.setattr(openid_client, "LEEWAY", 0)
    time.sleep(1.1)  # auth_time is in whole seconds
    page.route("**/second-step/start", without_prompt)

    page.goto(f"{hospital.url}/second-step/start")
    page.get_by_text("could not be trusted").wait_for()
    page.goto(f"{hospital.url}/second-step/set-up")
    assert page.locator(".mch-key").count() == 0


def test_after_ten_minutes_the_set_up_starts_again(
    hospital: LivePortal, new_visitor: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = new_visitor(expected_statuses=frozenset({400})).open_page()
    key, really = begin_set_up(page, hospital.url), current.now
    monkeypatch.setattr(current, "now", lambda: really() + timedelta(minutes=11))

    enter(page, one_time_codes.code_at(key, time.time()))
    page.get_by_text("Please begin again").first.wait_for()
    assert not cognito_of(hospital).is_set_up(CALLUM_FRASER.sub)


def test_a_token_that_no_cookie_holds_is_told_of_and_changes_nothing(
    hospital: LivePortal, new_visitor: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cookies, "LONGEST", 300)
    page = new_visitor(expected_statuses=frozenset({409})).open_page()
    sign_in_as(page, CALLUM_FRASER, hospital.url)
    page.goto(f"{hospital.url}/second-step/start")
    choose(page, CALLUM_FRASER.name)

    page.get_by_text("Nothing has changed.").wait_for()
    assert not cognito_of(hospital).is_set_up(CALLUM_FRASER.sub)


def test_when_cognito_does_not_answer_the_code_nothing_is_saved(
    hospital: LivePortal,
    nurse: str,
    new_visitor: Browsers,
    database: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: object) -> None:
        raise Unavailable(AWAY)

    monkeypatch.setattr(SoftwareTokens, "confirm", away)
    page = new_visitor(expected_statuses=frozenset({503})).open_page()
    sign_in(page, nurse, hospital.url)
    set_up(page, nurse, hospital.url)

    page.get_by_text("does not answer at the moment").first.wait_for()
    database.rollback()
    assert "set up second step" not in audited_deeds(database)
    here = select(SignInSession.needs_second_step).where(SignInSession.ended_at.is_(None))
    assert database.scalars(here).all() == [True]


def test_what_one_session_carries_is_no_use_in_another(
    hospital: LivePortal, new_visitor: Browsers
) -> None:
    page, other = new_visitor().open_page(), new_visitor().open_page()
    begin_set_up(page, hospital.url)
    sign_in_as(other, CALLUM_FRASER, hospital.url)
    carried = [one for one in page.context.cookies() if "second-step" in str(one.get("name"))]
    assert carried
    other.context.add_cookies(carried)  # type: ignore[arg-type]

    other.goto(f"{hospital.url}/second-step/set-up")
    assert other.locator(".mch-key").count() == 0


def test_another_replaces_the_first_and_the_audit_trail_says_so(
    hospital: LivePortal, nurse: str, new_visitor: Browsers, database: Session
) -> None:
    page = new_visitor().open_page()
    sign_in(page, nurse, hospital.url)
    first = set_up(page, nurse, hospital.url)
    page.goto(f"{hospital.url}/second-step")
    page.get_by_role("button", name="Use another phone").click()
    choose(page, nurse)
    enter(page, one_time_codes.code_at(first, time.time()))
    enter(page, one_time_codes.code_at(key_on(page), time.time()))
    page.get_by_text("Your second step is set up").wait_for()

    database.rollback()
    told = [entry.detail for entry in audited(database, "set up second step")]
    assert told == [{"replaced": False}, {"replaced": True}]


def test_without_a_user_pool_nobody_is_asked_and_no_link_shows(
    live_portal: LivePortal, new_visitor: Browsers
) -> None:
    page = new_visitor().open_page()
    sign_in_as(page, WEI_LING_CHEN, live_portal.url)
    page.goto(f"{live_portal.url}/sign-ins")
    assert page.url == f"{live_portal.url}/sign-ins"
    assert page.locator("a[href*=second-step]").count() == 0
