"""Every way in which the code flow is refused."""

from typing import Any

import pytest

from portal.development.cognito.people import AMINA_OKAFOR
from tests.development.cognito.provider import CALLBACK, Clock, PlainClient


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "too-short"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_wrong_authorization_request_is_answered_with_an_error_to_the_portal(
    caller: PlainClient, changes: dict[str, Any], error: str
) -> None:
    answer = caller.answer(caller.authorize(**changes))
    assert answer["error"] == error
    assert answer["state"] == caller.state
    assert "code" not in answer
    login = caller.get("/login", caller.question(**changes))
    assert caller.answer(login)["error"] == error


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://elsewhere.example.org/sign-in/callback"},
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": f"{CALLBACK}?next=/"},
        {"redirect_uri": None},
        {"client_id": "somebody-else"},
        {"client_id": None},
    ],
)
def test_an_unknown_client_or_address_gets_an_error_page_and_no_redirect(
    caller: PlainClient, changes: dict[str, Any]
) -> None:
    refused = caller.authorize(**changes)
    assert refused.status_code == 400
    assert "Location" not in refused.headers
    assert "Sign-in can't continue" in refused.text


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"redirect_uri": "https://elsewhere.example.org/"}, 400, "invalid_grant"),
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"client_secret": "geraten-mit-ü"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "somebody-else"}, 400, "invalid_client"),
        ({"code": "made-up"}, 400, "invalid_grant"),
        ({"code": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_wrong_exchange_gives_no_token(
    caller: PlainClient, changes: dict[str, Any], status: int, error: str
) -> None:
    refused = caller.exchange(caller.code_for(AMINA_OKAFOR), **changes)
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert "access_token" not in refused.json()


def test_a_code_sent_twice_is_refused_and_its_tokens_are_revoked(caller: PlainClient) -> None:
    code = caller.code_for(AMINA_OKAFOR)
    tokens = caller.exchange(code).json()
    assert caller.user_info(tokens["access_token"]).status_code == 200
    again = caller.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert caller.user_info(tokens["access_token"]).status_code == 401


def test_a_wrong_verifier_uses_the_code_up(caller: PlainClient) -> None:
    code = caller.code_for(AMINA_OKAFOR)
    caller.exchange(code, code_verifier="w" * 43)
    assert caller.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_expires(caller: PlainClient, clock: Clock) -> None:
    code = caller.code_for(AMINA_OKAFOR)
    clock.second += caller.settings.code_lifetime
    assert caller.exchange(code).json()["error"] == "invalid_grant"
