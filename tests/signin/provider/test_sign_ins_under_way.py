"""What the browser's cookie keeps while somebody is at the provider."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import SignInSession
from tests.signin.portal_flow import Visit, portal_with, refusal_in
from tests.signin.standard_provider import StandardProvider


def test_another_browser_can_not_finish_it(portal: Flask, visit: Visit, database: Session) -> None:
    """Otherwise somebody could sign another person in to their own account (login CSRF)."""
    way_back = visit.at_provider(visit.start())

    assert Visit.to(portal).browser.get(way_back).status_code == 400
    assert visit.browser.get(way_back).location == "/"


def test_any_instance_finishes_a_sign_in_that_another_began(
    visit: Visit, standard: StandardProvider, database_url: str
) -> None:
    way_back = visit.at_provider(visit.start())
    with portal_with(standard, database_url) as another_instance:
        elsewhere = Visit.to(another_instance)
        with visit.browser.session_transaction() as cookie:
            kept = dict(cookie)
        with elsewhere.browser.session_transaction() as cookie:
            cookie.update(kept)

        assert elsewhere.browser.get(way_back).location == "/"
        assert elsewhere.browser.get("/sign-ins").status_code == 200


def test_the_way_back_works_once(portal: Flask, visit: Visit, database: Session) -> None:
    way_back = visit.at_provider(visit.start())
    visit.browser.get(way_back)

    # Who is signed in and presses Back is taken home, not told off.
    assert visit.browser.get(way_back).location == "/"
    assert database.scalar(select(func.count()).select_from(SignInSession)) == 1
    visit.sign_out()
    assert visit.browser.get(way_back).status_code == 400


def test_several_tabs_sign_in_at_once(visit: Visit, database: Session) -> None:
    ways_back = [
        visit.at_provider(visit.start(f"/sign-in/start?next=/sign-ins?{n}")) for n in "123"
    ]

    arrived = [visit.browser.get(way_back).location for way_back in reversed(ways_back)]

    assert arrived == [f"/sign-ins?{n}" for n in "321"]
    live = select(func.count()).select_from(SignInSession).where(SignInSession.ended_at.is_(None))
    assert database.scalar(live) == 1


def test_very_many_tabs_do_not_make_the_cookie_too_large(visit: Visit) -> None:
    path = "/" + "x" * 290
    ways_back = [visit.at_provider(visit.start(f"/sign-in/start?next={path}")) for _ in range(9)]

    assert visit.browser.get(ways_back[0]).status_code == 400
    assert visit.browser.get(ways_back[-1]).location == path
    cookie = visit.browser.get_cookie("portal")
    assert cookie is not None
    assert len(cookie.value) < 3800


def test_signing_in_renews_what_the_cookie_holds(visit: Visit) -> None:
    visit.browser.get("/sign-in")
    with visit.browser.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["csrf_token"] = "known to somebody else"

    visit.sign_in()
    visit.browser.get("/sign-ins")

    with visit.browser.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["csrf_token"] != "known to somebody else"


def test_an_answer_of_yesterday_is_too_late(visit: Visit) -> None:
    way_back = visit.at_provider(visit.start())
    with visit.browser.session_transaction() as cookie:
        [under_way] = cookie["signing_in"]
        cookie["signing_in"] = [{**under_way, "started_at": under_way["started_at"] - 3601}]

    assert visit.browser.get(way_back).status_code == 400


def test_a_cookie_of_another_release_is_no_fault(visit: Visit) -> None:
    with visit.browser.session_transaction() as cookie:
        cookie["signing_in"] = [{"state": "s", "something": "new"}]

    assert visit.sign_in().location == "/"


def test_somebody_signed_in_needs_no_sign_in_page(visit: Visit) -> None:
    visit.sign_in()

    assert visit.browser.get("/sign-in").location == "/"
    assert visit.browser.get("/sign-in?next=/sign-ins").location == "/sign-ins"
    assert visit.browser.get("/session-ended?next=//elsewhere.example").location == "/"


def test_the_button_leads_to_the_portals_own_host(portal: Flask, database: Session) -> None:
    page = portal.test_client().get("/sign-in?next=/sign-ins", base_url="http://localhost:8000")

    assert 'href="http://127.0.0.1:8000/sign-in/start?next=/sign-ins"' in page.text


def test_a_code_is_exchanged_with_the_verifier_of_its_question(
    visit: Visit, standard: StandardProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """A stolen code is useless in another browser's sign-in."""
    stolen = parse_qs(urlsplit(visit.at_provider(visit.start())).query)["code"][0]
    state = parse_qs(urlsplit(visit.start()).query)["state"][0]

    answer = visit.browser.get("/sign-in/callback", query_string={"state": state, "code": stolen})

    assert answer.status_code == 400
    assert refusal_in(caplog).endswith("token endpoint: invalid_grant")


def test_the_cookie_keeps_its_secrets_from_scripts_and_other_sites(visit: Visit) -> None:
    header = visit.browser.get("/sign-in/start").headers["Set-Cookie"]

    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
