"""Signing in and out with a real browser, the portal and the provider listening on loopback."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask_migrate import upgrade
from playwright.sync_api import ViewportSize
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.development.cognito.people import AMINA_OKAFOR, SIAN_DAVIES, WEI_LING_CHEN
from portal.models import Account, SignInSession
from tests.accessibility import check_accessibility
from tests.builders import audited_deeds
from tests.chromium import DESKTOP, PHONE, Visitor
from tests.plugins.signin import LivePortal, sign_in_as
from tests.signin.portal_flow import Visit, portal_with
from tests.signin.standard_provider import StandardProvider


def test_somebody_signs_in_and_out_again(
    live_portal: LivePortal, new_visitor: Callable[..., Visitor], database: Session
) -> None:
    page = new_visitor().open_page()

    sign_in_as(page, SIAN_DAVIES, live_portal.url)

    account = database.scalars(select(Account)).one()
    assert (account.issuer, account.subject) == (live_portal.cognito.issuer, SIAN_DAVIES.sub)
    assert (account.name, account.role_values) == ("Siân Davies", "reception")
    assert page.get_by_text("Siân Davies").first.is_visible()

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{live_portal.url}/signed-out")

    assert page.get_by_role("heading", name="You have signed out").is_visible()
    database.rollback()
    assert database.scalars(select(SignInSession.ended_at)).one() is not None
    assert audited_deeds(database)[0] == "sign in"
    assert audited_deeds(database)[-1] == "sign out"
    page.goto(f"{live_portal.url}/sign-ins")
    assert page.url == f"{live_portal.url}/sign-in?next=/sign-ins"


def test_it_works_without_javascript(
    live_portal: LivePortal, new_visitor: Callable[..., Visitor], database: Session
) -> None:
    page = new_visitor(javascript=False).open_page()
    page.goto(f"{live_portal.url}/sign-ins")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name=f"Sign in as {AMINA_OKAFOR.name}").click()

    assert page.url == f"{live_portal.url}/sign-ins"
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{live_portal.url}/signed-out")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_is_accessible(
    live_portal: LivePortal,
    new_visitor: Callable[..., Visitor],
    viewport: ViewportSize,
    javascript: bool,
) -> None:
    page = new_visitor(viewport=viewport, javascript=javascript).open_page()
    for path in ("/sign-in", "/signed-out", "/session-ended", "/sign-in/callback?state=none"):
        page.goto(live_portal.url + path)
        check_accessibility(page)
    sign_in_as(new_visitor().open_page(), WEI_LING_CHEN, live_portal.url)
    sign_in_as(page, WEI_LING_CHEN, live_portal.url)
    page.goto(f"{live_portal.url}/sign-ins")
    assert page.get_by_role("button", name="Sign out there").is_visible()
    check_accessibility(page)


def test_it_works_over_sqlite(standard: StandardProvider, tmp_path: Path) -> None:
    with portal_with(standard, f"sqlite:///{tmp_path / 'portal.sqlite'}") as app:
        with app.app_context():
            upgrade()
        first, second = Visit.to(app), Visit.to(app)

        assert [one.sign_in().location for one in (first, second)] == ["/", "/"]
        assert second.browser.get("/sign-ins").text.count("Sign out there") == 1
        assert second.post("/sign-ins/end-all").status_code == 200
        assert first.browser.get("/sign-ins").location == "/session-ended?next=/sign-ins"
