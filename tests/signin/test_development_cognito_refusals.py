"""Every way in which the code flow is refused."""

import pytest

from portal.signin.development_cognito.people import AMINA_OKAFOR
from tests.signin.provider import CALLBACK, Clock


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
def test_a_wrong_question_goes_back_to_the_portal_as_an_error(caller, changes, error):
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
def test_an_unknown_client_or_address_is_told_so_and_nobody_is_sent_there(caller, changes):
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
def test_a_wrong_exchange_brings_no_token(caller, changes, status, error):
    refused = caller.exchange(caller.code_for(AMINA_OKAFOR), **changes)
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert "access_token" not in refused.json()


def test_a_code_brought_twice_is_refused_and_ends_what_it_brought(caller):
    code = caller.code_for(AMINA_OKAFOR)
    tokens = caller.exchange(code).json()
    assert caller.user_info(tokens["access_token"]).status_code == 200
    again = caller.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert caller.user_info(tokens["access_token"]).status_code == 401


def test_a_code_is_spent_by_a_wrong_verifier(caller):
    code = caller.code_for(AMINA_OKAFOR)
    caller.exchange(code, code_verifier="w" * 43)
    assert caller.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_expires(caller, clock: Clock):
    code = caller.code_for(AMINA_OKAFOR)
    clock.second += caller.settings.code_lifetime
    assert caller.exchange(code).json()["error"] == "invalid_grant"
