"""The hosted pages: choosing a person, staying signed in, signing out, and refused requests."""

from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
import requests

from portal.development.cognito.people import (
    AMINA_OKAFOR,
    CALLUM_FRASER,
    GROUPS,
    LEILA_HADDAD,
    NAMED_PEOPLE,
    PRIYA_RAMAN,
)
from tests.development.cognito.provider import PORTAL, SIGNED_OUT, Clock, PlainClient

XHTML = "{http://www.w3.org/1999/xhtml}"


def parsed(page: requests.Response) -> Any:
    assert page.headers["Content-Type"].startswith("text/html")
    return html5lib.HTMLParser(strict=True).parse(page.text)


def sign_out(caller: PlainClient, **changes: str | None) -> requests.Response:
    query = {"client_id": caller.settings.client_id, "logout_uri": SIGNED_OUT, **changes}
    return caller.get("/logout", {name: value for name, value in query.items() if value})


def test_the_named_people_are_those_that_a_hospital_needs() -> None:
    assert [person.role for person in NAMED_PEOPLE].count("doctor") == 2
    assert {person.group for person in NAMED_PEOPLE} == {None, *GROUPS}
    assert LEILA_HADDAD.child == "Sami Haddad"
    assert CALLUM_FRASER.role == "new patient"
    assert len({person.sub for person in NAMED_PEOPLE}) == len(NAMED_PEOPLE)
    assert all(person.email.endswith("@example.org") for person in NAMED_PEOPLE)


def test_the_page_offers_every_named_person_by_name_and_role(caller: PlainClient) -> None:
    page = caller.get("/login", caller.question())
    document = parsed(page)
    assert document.find(f".//{XHTML}title").text.startswith("Choose who you are")
    [heading] = document.iter(f"{XHTML}h1")
    assert heading.text == "Choose who you are"
    assert "Development sign-in: nobody here is real" in page.text
    assert "NHS" not in "".join(document.itertext())
    buttons = {
        b.get("value"): "".join(b.itertext()).strip() for b in document.iter(f"{XHTML}button")
    }
    assert buttons == {person.sub: f"Sign in as {person.name}" for person in NAMED_PEOPLE}
    for person in NAMED_PEOPLE:
        assert f"{person.name} — {person.role}" in page.text
    assert "Created by an administrator" not in page.text


def test_the_policy_of_the_page_allows_only_its_own_script_and_the_portals_address(
    caller: PlainClient,
) -> None:
    page = caller.get("/login", caller.question())
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in page.headers["Content-Security-Policy"].split(";")
    )
    nonces = {script.get("nonce") for script in parsed(page).iter(f"{XHTML}script")}
    assert policy["script-src"] == f"'nonce-{nonces.pop()}'"
    assert not nonces
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == f"'self' {PORTAL}"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("username", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_name_signs_nobody_in(caller: PlainClient, username: str) -> None:
    page = caller.choose(username)
    assert page.status_code == 400
    assert "There is no such person" in page.text
    assert parsed(page).find(f".//{XHTML}title").text.startswith("Error: ")
    assert "Location" not in page.headers


def test_somebody_signed_in_is_not_asked_again_and_auth_time_stays(
    caller: PlainClient, clock: Clock
) -> None:
    first = caller.claims_of(caller.exchange(caller.code_for(AMINA_OKAFOR)).json()["id_token"])
    clock.second += 600
    again = caller.answer(caller.authorize())
    second = caller.claims_of(caller.exchange(again["code"]).json()["id_token"])
    assert second["sub"] == AMINA_OKAFOR.sub
    assert second["auth_time"] == first["auth_time"]
    assert second["origin_jti"] == first["origin_jti"]
    assert second["iat"] == first["iat"] + 600


def test_after_an_hour_everybody_is_asked_again(caller: PlainClient, clock: Clock) -> None:
    caller.code_for(AMINA_OKAFOR)
    clock.second += 3600
    assert urlsplit(caller.authorize().headers["Location"]).path == "/login"


def test_the_portal_can_insist_on_asking(caller: PlainClient) -> None:
    caller.code_for(AMINA_OKAFOR)
    assert urlsplit(caller.authorize(prompt="login").headers["Location"]).path == "/login"
    code = caller.code_for(PRIYA_RAMAN, prompt="login")
    claims = caller.claims_of(caller.exchange(code).json()["id_token"])
    assert claims["sub"] == PRIYA_RAMAN.sub


def test_logout_ends_the_session_of_the_hosted_pages(caller: PlainClient) -> None:
    caller.code_for(AMINA_OKAFOR)
    gone = sign_out(caller)
    assert (gone.status_code, gone.headers["Location"]) == (302, SIGNED_OUT)
    assert urlsplit(caller.authorize().headers["Location"]).path == "/login"


@pytest.mark.parametrize(
    "changes",
    [
        {"logout_uri": "https://elsewhere.example.org/"},
        {"logout_uri": f"{SIGNED_OUT}/"},
        {"logout_uri": None},
        {"client_id": "somebody-else"},
        {"client_id": None},
        # Cognito does not use the standard's parameter.
        {"logout_uri": None, "post_logout_redirect_uri": SIGNED_OUT},
    ],
)
def test_a_wrong_logout_is_a_plain_error_and_ends_nothing(
    caller: PlainClient, changes: dict[str, Any]
) -> None:
    caller.code_for(AMINA_OKAFOR)
    refused = sign_out(caller, **changes)
    assert refused.status_code == 400
    assert "Location" not in refused.headers
    assert "code" in caller.answer(caller.authorize())


@pytest.mark.parametrize("name", ["redirect_uri", "response_type", "client_id", "scope", "prompt"])
@pytest.mark.parametrize("value", ['"', "\\", "ü", "\r\nX-Header: 1", "\x00", "%", "<script>"])
def test_no_parameter_breaks_the_provider(caller: PlainClient, name: str, value: str) -> None:
    for path in ("/oauth2/authorize", "/login"):
        answer = caller.get(path, caller.question(**{name: value}))
        assert answer.status_code in (200, 302, 400)
        assert "X-Header" not in answer.headers
        assert value not in ("<script>",) or value not in answer.text


def test_a_parameter_given_twice_is_refused(caller: PlainClient) -> None:
    doubled = [*caller.question().items(), ("client_id", "somebody-else")]
    url = f"{caller.settings.domain}/oauth2/authorize"
    answer = requests.get(url, params=doubled, allow_redirects=False, timeout=10)
    assert answer.status_code == 400


def test_a_page_of_another_site_cannot_sign_anybody_in(caller: PlainClient) -> None:
    login = f"{caller.settings.domain}{caller.authorize().headers['Location']}"
    for site in ("cross-site", "same-site"):
        refused = requests.post(
            login,
            data={"username": AMINA_OKAFOR.sub},
            headers={"Sec-Fetch-Site": site},
            allow_redirects=False,
            timeout=10,
        )
        assert refused.status_code == 403


def test_a_foreign_name_for_this_machine_is_refused(caller: PlainClient) -> None:
    keys = f"{caller.settings.issuer}/.well-known/jwks.json"
    assert requests.get(keys, timeout=10).status_code == 200
    refused = requests.get(keys, headers={"Host": "evil.example.org"}, timeout=10)
    assert refused.status_code == 400
