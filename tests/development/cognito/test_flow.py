"""The code flow from the first request to the last claim."""

import uuid
from typing import Any

import requests
from joserfc import jws

from portal.development.cognito.people import AMINA_OKAFOR, PRIYA_RAMAN, NamedPerson
from tests.development.cognito.provider import CALLBACK, Clock, PlainClient


def tokens_of(caller: PlainClient, person: NamedPerson = AMINA_OKAFOR, **changes: Any) -> Any:
    response = caller.exchange(caller.code_for(person, **changes))
    assert response.status_code == 200, response.text
    return response.json()


def test_discovery_names_the_endpoints_of_the_pool(caller: PlainClient) -> None:
    found = caller.get(f"/{caller.settings.pool_id}/.well-known/openid-configuration").json()
    assert found["issuer"] == f"{caller.settings.domain}/{caller.settings.pool_id}"
    assert found["jwks_uri"] == f"{found['issuer']}/.well-known/jwks.json"
    assert found["authorization_endpoint"] == f"{caller.settings.domain}/oauth2/authorize"
    assert found["token_endpoint"] == f"{caller.settings.domain}/oauth2/token"
    assert found["userinfo_endpoint"] == f"{caller.settings.domain}/oauth2/userInfo"
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]


def test_another_pool_is_not_found(caller: PlainClient) -> None:
    assert caller.get("/local_Other/.well-known/openid-configuration").status_code == 404
    assert caller.get("/local_Other/.well-known/jwks.json").status_code == 404


def test_a_patient_signs_in_and_the_id_token_has_cognitos_claims(
    caller: PlainClient, clock: Clock
) -> None:
    answer = caller.answer(caller.choose(AMINA_OKAFOR.sub))
    assert answer["state"] == caller.state
    tokens = caller.exchange(answer["code"]).json()
    claims = caller.claims_of(tokens["id_token"])
    for made_up in ("jti", "origin_jti"):
        uuid.UUID(claims.pop(made_up))
    assert len(claims.pop("at_hash")) == 22
    assert claims == {
        "sub": AMINA_OKAFOR.sub,
        "cognito:username": AMINA_OKAFOR.sub,
        "iss": caller.settings.issuer,
        "aud": caller.settings.client_id,
        "token_use": "id",
        "auth_time": clock.second,
        "iat": clock.second,
        "exp": clock.second + 3600,
        "nonce": caller.nonce,
        "email": "amina.okafor@example.org",
        "email_verified": True,
        "name": "Amina Okafor",
        "given_name": "Amina",
        "family_name": "Okafor",
    }


def test_staff_carry_their_group_in_both_tokens(caller: PlainClient) -> None:
    tokens = tokens_of(caller, PRIYA_RAMAN)
    assert caller.claims_of(tokens["id_token"])["cognito:groups"] == ["doctor"]
    assert caller.claims_of(tokens["access_token"])["cognito:groups"] == ["doctor"]


def test_the_access_token_names_its_client_and_has_no_audience(caller: PlainClient) -> None:
    tokens = tokens_of(caller)
    claims = caller.claims_of(tokens["access_token"])
    assert claims["token_use"] == "access"
    assert claims["client_id"] == caller.settings.client_id
    assert claims["scope"] == "openid email profile"
    assert "aud" not in claims
    assert "cognito:groups" not in claims
    assert claims["origin_jti"] == caller.claims_of(tokens["id_token"])["origin_jti"]
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert "refresh_token" in tokens


def test_scopes_open_attributes(caller: PlainClient) -> None:
    claims = caller.claims_of(tokens_of(caller, scope="openid email")["id_token"])
    assert claims["email"] == "amina.okafor@example.org"
    assert "name" not in claims


def test_no_id_token_without_openid(caller: PlainClient) -> None:
    assert "id_token" not in tokens_of(caller, scope="email")


def test_user_info_says_what_the_scope_opens_in_cognitos_strings(caller: PlainClient) -> None:
    tokens = tokens_of(caller, scope="openid email")
    assert caller.user_info(tokens["access_token"]).json() == {
        "sub": AMINA_OKAFOR.sub,
        "username": AMINA_OKAFOR.sub,
        "email": "amina.okafor@example.org",
        "email_verified": "true",
    }


def test_user_info_refuses_foreign_and_expired_tokens(caller: PlainClient, clock: Clock) -> None:
    tokens = tokens_of(caller)
    assert caller.user_info(tokens["id_token"]).status_code == 401
    assert caller.user_info(tokens["access_token"][:-4] + "AAAA").status_code == 401
    clock.second += 3600
    assert caller.user_info(tokens["access_token"]).status_code == 401


def test_user_info_needs_openid(caller: PlainClient) -> None:
    assert caller.user_info(tokens_of(caller, scope="email")["access_token"]).status_code == 403


def test_the_secret_may_come_as_basic_authentication(caller: PlainClient) -> None:
    settings = caller.settings
    response = requests.post(
        f"{settings.domain}/oauth2/token",
        data={
            "grant_type": "authorization_code",
            "code": caller.code_for(AMINA_OKAFOR),
            "redirect_uri": CALLBACK,
            "code_verifier": caller.verifier,
        },
        auth=(settings.client_id, settings.client_secret),
        timeout=10,
    )
    assert caller.claims_of(response.json()["id_token"])["sub"] == AMINA_OKAFOR.sub


def test_the_header_names_the_key_and_nothing_unexpected(caller: PlainClient) -> None:
    header = jws.extract_compact(tokens_of(caller)["id_token"].encode()).headers()
    assert header["alg"] == "RS256"
    assert header["kid"] in [key.kid for key in caller.published_keys()]
