"""Signing out, and the limits on attempts."""

from urllib.parse import unquote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import SignInSession
from tests.builders import audited_deeds
from tests.signin.portal_flow import Visit, live_sessions, portal_with
from tests.signin.standard_provider import StandardProvider, running_standard_provider


def test_signing_out_ends_the_session_and_goes_on_to_the_provider(
    visit: Visit, standard: StandardProvider, database: Session
) -> None:
    visit.sign_in()
    with visit.browser.session_transaction() as cookie:
        token = cookie["_user_id"]

    left = visit.sign_out()

    assert left.geturl().startswith(f"{standard.origin}/end-session?client_id=the-portal&")
    assert live_sessions(database) == 0
    assert audited_deeds(database)[-1] == "sign out"
    # A copy of the cookie is worth nothing either.
    with visit.browser.session_transaction() as cookie:
        assert cookie == {} or set(cookie) == {"csrf_token"}
        cookie["_user_id"] = token
    assert visit.browser.get("/sign-ins").status_code == 302


def test_signing_out_twice_does_no_harm(visit: Visit, database: Session) -> None:
    visit.sign_in()
    token = visit.csrf_token()
    with visit.browser.session_transaction() as cookie:
        before = dict(cookie)
    visit.browser.post("/sign-out", data={"csrf_token": token})
    with visit.browser.session_transaction() as cookie:
        cookie.update(before)

    assert visit.browser.post("/sign-out", data={"csrf_token": token}).status_code == 200
    assert audited_deeds(database).count("sign out") == 1


def test_another_site_can_sign_nobody_out(visit: Visit, database: Session) -> None:
    visit.sign_in()

    assert visit.browser.post("/sign-out").status_code == 400
    assert visit.browser.get("/sign-out").status_code == 405
    assert live_sessions(database) == 1


def test_signing_out_works_while_the_provider_is_away(
    standard: StandardProvider, database: Session, database_url: str
) -> None:
    with portal_with(standard, database_url) as app:
        visit = Visit.to(app)
        visit.sign_in()
    with portal_with(standard, database_url) as another_instance:
        standard.away = True
        elsewhere = Visit.to(another_instance)
        with visit.browser.session_transaction() as cookie:
            kept = dict(cookie)
        with elsewhere.browser.session_transaction() as cookie:
            cookie.update(kept)

        answer = elsewhere.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/signed-out")
    assert live_sessions(database) == 0


def test_signing_out_works_with_a_provider_without_logout(
    database: Session, database_url: str
) -> None:
    with (
        running_standard_provider(published={"end_session_endpoint": None}) as provider,
        portal_with(provider, database_url) as app,
    ):
        visit = Visit.to(app)
        visit.sign_in()
        assert database.scalars(select(SignInSession.id_token)).one() is None
        answer = visit.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/signed-out")


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "{origin}/logout?client_id=the-portal&logout_uri=http://127.0.0.1:8000/signed-out"),
        (
            {"OIDC_LOGOUT_URL": "https://hospital.auth.eu-west-2.amazoncognito.com/logout"},
            "https://hospital.auth.eu-west-2.amazoncognito.com/logout?client_id=the-portal&logout_uri=http://127.0.0.1:8000/signed-out",
        ),
    ],
)
def test_signing_out_leads_to_cognitos_own_logout(
    database: Session, database_url: str, environment: dict[str, str], address: str
) -> None:
    with (
        running_standard_provider(claims={"token_use": "id"}) as provider,
        portal_with(provider, database_url, OIDC_PROVIDER="cognito", **environment) as app,
    ):
        visit = Visit.to(app)
        visit.sign_in()
        assert database.scalars(select(SignInSession.id_token)).one() is None
        left = visit.sign_out().geturl()

    assert unquote(left) == address.format(origin=provider.origin)


def test_attempts_are_limited_by_address(
    standard: StandardProvider, database: Session, database_url: str
) -> None:
    with portal_with(standard, database_url, SIGN_INS_PER_ADDRESS="3") as app:
        browser = app.test_client()
        for path, fine in (("/sign-in/start", 302), ("/sign-in/callback?state=x", 400)):
            for _ in range(3):
                assert browser.get(path).status_code == fine
            refused = browser.get(path)
            assert refused.status_code == 429
            assert int(refused.headers["Retry-After"]) > 0

        elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
        assert browser.get("/sign-in/start", environ_base=elsewhere).status_code == 302


def test_a_foreign_pages_pictures_use_up_nobodys_attempts(
    standard: StandardProvider, database: Session, database_url: str
) -> None:
    with portal_with(standard, database_url, SIGN_INS_PER_ADDRESS="2") as app:
        browser = app.test_client()
        picture = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
        answers = [browser.get("/sign-in/start", headers=picture) for _ in range(9)]
        assert {answer.status_code for answer in answers} == {409}
        link = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        assert browser.get("/sign-in/start", headers=link).status_code == 302


def test_an_address_that_is_used_up_keeps_no_known_browser_out(
    standard: StandardProvider, database: Session, database_url: str
) -> None:
    with portal_with(standard, database_url, SIGN_INS_PER_ADDRESS="3") as app:
        known = Visit.to(app)
        assert known.sign_in().status_code == 302
        stranger = app.test_client()
        while stranger.get("/sign-in/start").status_code != 429:
            pass

        assert Visit.to(app).browser.get("/sign-in/start").status_code == 429
        assert known.browser.get("/sign-in/start").status_code == 302


def test_an_ipv6_network_counts_as_one_address(
    standard: StandardProvider, database: Session, database_url: str
) -> None:
    with portal_with(standard, database_url, SIGN_INS_PER_ADDRESS="1") as app:
        answers = [
            app.test_client().get("/sign-in/start", environ_base={"REMOTE_ADDR": address})
            for address in ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")
        ]

    assert [answer.status_code for answer in answers] == [302, 429, 302]


@pytest.mark.parametrize("path", ["/sign-in", "/signed-out", "/session-ended"])
def test_public_pages_open_without_signing_in(visit: Visit, path: str) -> None:
    answer = visit.browser.get(path)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert "01632 960 100" in answer.text
