"""The code flow from the first question to the last claim, and every way in which it is refused."""

import uuid

import pytest
import requests
from joserfc import jws

from portal.signin.development_cognito.people import AMINA_OKAFOR, PRIYA_RAMAN
from tests.signin.provider import CALLBACK, Clock, PlainClient


def tokens_of(client: PlainClient, person=AMINA_OKAFOR, **changes) -> dict:
    response = client.exchange(client.code_for(person, **changes))
    assert response.status_code == 200, response.text
    return response.json()


def test_discovery_names_the_endpoints_of_the_pool(client):
    found = client.get(f"/{client.settings.pool_id}/.well-known/openid-configuration").json()
    assert found["issuer"] == f"{client.settings.domain}/{client.settings.pool_id}"
    assert found["jwks_uri"] == f"{found['issuer']}/.well-known/jwks.json"
    assert found["authorization_endpoint"] == f"{client.settings.domain}/oauth2/authorize"
    assert found["token_endpoint"] == f"{client.settings.domain}/oauth2/token"
    assert found["userinfo_endpoint"] == f"{client.settings.domain}/oauth2/userInfo"
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]


def test_another_pool_is_not_found(client):
    assert client.get("/local_Other/.well-known/openid-configuration").status_code == 404
    assert client.get("/local_Other/.well-known/jwks.json").status_code == 404


def test_a_patient_signs_in_and_the_id_token_speaks_as_cognitos(client, clock):
    answer = client.answer(client.choose(AMINA_OKAFOR.sub))
    assert answer["state"] == client.state
    tokens = client.exchange(answer["code"]).json()
    claims = client.claims_of(tokens["id_token"])
    for made_up in ("jti", "origin_jti"):
        uuid.UUID(claims.pop(made_up))
    assert len(claims.pop("at_hash")) == 22
    assert claims == {
        "sub": AMINA_OKAFOR.sub,
        "cognito:username": AMINA_OKAFOR.sub,
        "iss": client.settings.issuer,
        "aud": client.settings.client_id,
        "token_use": "id",
        "auth_time": clock.second,
        "iat": clock.second,
        "exp": clock.second + 3600,
        "nonce": client.nonce,
        "email": "amina.okafor@example.org",
        "email_verified": True,
        "name": "Amina Okafor",
        "given_name": "Amina",
        "family_name": "Okafor",
    }


def test_staff_carry_their_group_in_both_tokens(client):
    tokens = tokens_of(client, PRIYA_RAMAN)
    assert client.claims_of(tokens["id_token"])["cognito:groups"] == ["doctor"]
    assert client.claims_of(tokens["access_token"])["cognito:groups"] == ["doctor"]


def test_the_access_token_names_its_client_and_has_no_audience(client):
    tokens = tokens_of(client)
    claims = client.claims_of(tokens["access_token"])
    assert claims["token_use"] == "access"
    assert claims["client_id"] == client.settings.client_id
    assert claims["scope"] == "openid email profile"
    assert "aud" not in claims
    assert "cognito:groups" not in claims
    assert claims["origin_jti"] == client.claims_of(tokens["id_token"])["origin_jti"]
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert "refresh_token" not in tokens


def test_scopes_open_attributes(client):
    claims = client.claims_of(tokens_of(client, scope="openid email")["id_token"])
    assert claims["email"] == "amina.okafor@example.org"
    assert "name" not in claims


def test_no_id_token_without_openid(client):
    assert "id_token" not in tokens_of(client, scope="email")


def test_user_info_says_what_the_scope_opens_in_cognitos_strings(client):
    tokens = tokens_of(client, scope="openid email")
    assert client.user_info(tokens["access_token"]).json() == {
        "sub": AMINA_OKAFOR.sub,
        "username": AMINA_OKAFOR.sub,
        "email": "amina.okafor@example.org",
        "email_verified": "true",
    }


def test_user_info_refuses_what_it_did_not_issue_and_what_is_over(client, clock):
    tokens = tokens_of(client)
    assert client.user_info(tokens["id_token"]).status_code == 401
    assert client.user_info(tokens["access_token"][:-4] + "AAAA").status_code == 401
    clock.second += 3600
    assert client.user_info(tokens["access_token"]).status_code == 401


def test_user_info_needs_openid(client):
    assert client.user_info(tokens_of(client, scope="email")["access_token"]).status_code == 403


def test_the_secret_may_come_as_basic_authentication(client):
    settings = client.settings
    response = requests.post(
        f"{settings.domain}/oauth2/token",
        data={
            "grant_type": "authorization_code",
            "code": client.code_for(AMINA_OKAFOR),
            "redirect_uri": CALLBACK,
            "code_verifier": client.verifier,
        },
        auth=(settings.client_id, settings.client_secret),
        timeout=10,
    )
    assert client.claims_of(response.json()["id_token"])["sub"] == AMINA_OKAFOR.sub


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
def test_a_wrong_question_goes_back_to_the_portal_as_an_error(client, changes, error):
    answer = client.answer(client.authorize(**changes))
    assert answer["error"] == error
    assert answer["state"] == client.state
    assert "code" not in answer
    login = client.get("/login", client.question(**changes))
    assert client.answer(login)["error"] == error


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
def test_an_unknown_client_or_address_is_told_so_and_nobody_is_sent_there(client, changes):
    refused = client.authorize(**changes)
    assert refused.status_code == 400
    assert "Location" not in refused.headers
    assert "The sign-in cannot go on" in refused.text


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
def test_a_wrong_exchange_brings_no_token(client, changes, status, error):
    refused = client.exchange(client.code_for(AMINA_OKAFOR), **changes)
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert "access_token" not in refused.json()


def test_a_code_brought_twice_is_refused_and_ends_what_it_brought(client):
    code = client.code_for(AMINA_OKAFOR)
    tokens = client.exchange(code).json()
    assert client.user_info(tokens["access_token"]).status_code == 200
    again = client.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert client.user_info(tokens["access_token"]).status_code == 401


def test_a_code_is_spent_by_a_wrong_verifier(client):
    code = client.code_for(AMINA_OKAFOR)
    client.exchange(code, code_verifier="w" * 43)
    assert client.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_expires(client, clock: Clock):
    code = client.code_for(AMINA_OKAFOR)
    clock.second += client.settings.code_lifetime
    assert client.exchange(code).json()["error"] == "invalid_grant"


def test_the_header_names_the_key_and_nothing_unexpected(client):
    header = jws.extract_compact(tokens_of(client)["id_token"].encode()).headers()
    assert header["alg"] == "RS256"
    assert header["kid"] in [key.kid for key in client.published_keys()]
