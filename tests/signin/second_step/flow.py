"""Somebody on the real pages who sets up their second step at sign-in."""

import time

from playwright.sync_api import Page

from portal.development.cognito import one_time_codes
from portal.signin import second_step
from portal.signin.second_step.software_token import SoftwareTokens
from tests.plugins.signin import LivePortal


def cognito_of(hospital: LivePortal) -> SoftwareTokens:
    with hospital.app.app_context():
        tokens = second_step.tokens_here()
    assert tokens is not None
    return tokens


def sign_in(page: Page, name: str, url: str) -> None:
    page.goto(f"{url}/sign-in/start")
    choose(page, name)


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Sign in as {name}").click()


def set_up(page: Page, name: str, url: str) -> str:
    """Signs in for it and enters the right code; returns the app's key."""
    page.goto(f"{url}/second-step")
    page.get_by_role("button", name="Sign in and set it up").click()
    choose(page, name)
    key = key_on(page)
    enter(page, one_time_codes.code_at(key, time.time()))
    return key


def key_on(page: Page) -> str:
    return "".join((page.locator(".mch-key").text_content() or "").split())


def enter(page: Page, code: str) -> None:
    page.get_by_role("textbox", name="Code").fill(code)
    page.locator("main form button").click()
