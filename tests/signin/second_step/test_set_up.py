"""Setting up the second step at sign-in: staff must, patients may."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.cognito import AWAY
from portal.development.cognito import one_time_codes
from portal.development.cognito.people import CALLUM_FRASER, WEI_LING_CHEN
from portal.errors import Unavailable
from portal.models import SignInSession
from portal.signin.second_step.software_token import SoftwareTokens
from tests.accessibility import check_accessibility
from tests.builders import audited_deeds
from tests.chromium import PHONE, Visitor
from tests.plugins.signin import LivePortal, sign_in_as
from tests.signin.second_step.flow import (
    choose,
    cognito_of,
    enter,
    key_on,
    set_up,
    sign_in,
)

Browsers = Callable[..., Visitor]
CLOSED = ("/", "/patients", "/sign-ins", "/downtime", "/second-step/turn-off")


def test_a_nurse_sees_only_the_set_up_until_it_is_done(
    hospital: LivePortal, nurse: str, new_visitor: Browsers, database: Session
) -> None:
    page = new_visitor(viewport=PHONE).open_page()
    sign_in(page, nurse, hospital.url)
    for path in CLOSED:
        page.goto(hospital.url + path)
        assert page.url == f"{hospital.url}/second-step"
    page.get_by_role("heading", name="Set up your second step").wait_for()
    check_accessibility(page)

    key = set_up(page, nurse, hospital.url)

    page.get_by_text("Your second step is set up").wait_for()
    page.goto(f"{hospital.url}/sign-ins")
    assert page.url == f"{hospital.url}/sign-ins"
    assert "set up second step" in audited_deeds(database)
    here = select(SignInSession.needs_second_step).where(SignInSession.ended_at.is_(None))
    assert database.scalars(here).all() == [False]

    later = new_visitor().open_page()
    sign_in(later, nurse, hospital.url)
    enter(later, "000000" if one_time_codes.code_at(key, time.time()) != "000000" else "111111")
    later.get_by_text("This is not the code that your app shows now.").first.wait_for()
    enter(later, one_time_codes.code_at(key, time.time()))
    later.wait_for_url(f"{hospital.url}/**")
    later.goto(f"{hospital.url}/second-step")
    later.get_by_text("so it can't be turned off").wait_for()
    answer = later.goto(f"{hospital.url}/second-step/turn-off/start")
    assert answer is not None
    assert answer.status == 403


def test_a_nurse_may_sign_out_without_one(
    hospital: LivePortal, nurse: str, new_visitor: Browsers
) -> None:
    page = new_visitor().open_page()
    sign_in(page, nurse, hospital.url)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{hospital.url}/signed-out")


def test_a_patient_sets_it_up_and_turns_it_off(
    hospital: LivePortal, new_visitor: Browsers, database: Session
) -> None:
    page = new_visitor(javascript=False).open_page()
    sign_in_as(page, CALLUM_FRASER, hospital.url)
    page.goto(hospital.url)
    page.get_by_role("link", name="see or set up your second step").click()
    page.wait_for_url(f"{hospital.url}/second-step")
    key = set_up(page, CALLUM_FRASER.name, hospital.url)
    page.get_by_text("Your second step is set up").wait_for()
    check_accessibility(page)

    page.get_by_role("button", name="Turn off the second step").click()
    choose(page, CALLUM_FRASER.name)
    enter(page, one_time_codes.code_at(key, time.time()))
    page.get_by_role("button", name="Turn it off").click()

    page.get_by_text("Your second step is turned off").wait_for()
    assert audited_deeds(database)[-1] == "turn off second step"
    sign_in(new_visitor().open_page(), CALLUM_FRASER.name, hospital.url)
    assert not cognito_of(hospital).is_set_up(CALLUM_FRASER.sub)


def test_a_wrong_code_and_no_code_change_nothing(
    hospital: LivePortal, new_visitor: Browsers
) -> None:
    page = new_visitor().open_page()
    sign_in_as(page, CALLUM_FRASER, hospital.url)
    page.goto(f"{hospital.url}/second-step")
    page.get_by_role("button", name="Sign in and set it up").click()
    choose(page, CALLUM_FRASER.name)
    key = key_on(page)
    wrong = (int(one_time_codes.code_at(key, time.time())) + 500_000) % 1_000_000

    enter(page, f"{wrong:06}")
    page.get_by_text("This is not the code that the app shows now").first.wait_for()
    enter(page, "12")
    page.get_by_text("Enter the 6 digits that the app shows").first.wait_for()
    assert key_on(page) == key
    check_accessibility(page)
    assert not cognito_of(hospital).is_set_up(CALLUM_FRASER.sub)


def test_without_a_sign_in_for_it_the_set_up_starts_again(
    hospital: LivePortal, new_visitor: Browsers
) -> None:
    page = new_visitor().open_page()
    sign_in_as(page, CALLUM_FRASER, hospital.url)
    page.goto(f"{hospital.url}/second-step/set-up")
    page.get_by_text("Please begin again").first.wait_for()
    assert page.locator(".mch-key").count() == 0


def test_when_cognito_does_not_answer_no_staff_get_in(
    hospital: LivePortal, new_visitor: Browsers, database: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> bool:
        raise Unavailable(AWAY)

    monkeypatch.setattr(SoftwareTokens, "is_set_up", away)
    page = new_visitor(expected_statuses=frozenset({503})).open_page()
    sign_in(page, WEI_LING_CHEN.name, hospital.url)

    assert database.scalars(select(SignInSession.id)).all() == []
    page.goto(f"{hospital.url}/sign-ins")
    assert page.url.startswith(f"{hospital.url}/sign-in?")
