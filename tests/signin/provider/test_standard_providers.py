"""Providers of other products, by configuration alone."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account, SignInSession
from tests.signin.portal_flow import Visit, portal_with
from tests.signin.standard_provider import StandardProvider, running_standard_provider

KEYCLOAK = {
    "path": "/realms/hospital",
    "algorithm": "RS256",
    "auth_methods": ("private_key_jwt", "client_secret_basic", "client_secret_post"),
    "sends_iss": True,
    "more_keys": [RSAKey.generate_key(2048, {"kid": "e", "use": "enc", "alg": "RSA-OAEP"})],
    "claims": {"typ": "ID", "azp": "the-portal", "realm_access": {"roles": ["nurse", "offline"]}},
}
AUTH0 = {
    "path": "/",
    "algorithm": "RS256",
    "claims": {
        "sub": "auth0|65f1c0",
        "name": "ingrid.solheim@example.org",
        "https://hospital.example/roles": ["reception"],
    },
}
ENTRA = {
    "path": "/6a1c/v2.0",
    "algorithm": "RS256",
    "auth_methods": ("client_secret_post", "private_key_jwt", "client_secret_basic"),
    "accepted_auth": ("client_secret_post",),
    "claims": {
        "email": None,
        "preferred_username": "ingrid@hospital.example",
        "groups": ["0f5e-doctors", "77aa-everybody"],
    },
    "user_info": {"sub": "subject-1", "email": "ingrid@hospital.example"},
}
SMALL = {"algorithm": "ES256", "claims": {"groups": "doctor"}}
BASIC_ALONE = {
    "auth_methods": ("client_secret_basic",),
    "published": {"token_endpoint_auth_methods_supported": None},
    "claims": {"groups": "doctor, administrator"},
}
MODERN = {
    "path": "/op",
    "algorithm": "Ed25519",
    "claims": {"groups": ["patient", "system", "gardener"]},
}

MAKES: dict[str, tuple[dict[str, Any], dict[str, str], str, str]] = {
    "Keycloak": (
        KEYCLOAK,
        {"OIDC_GROUPS_CLAIM": "realm_access.roles"},
        "nurse",
        "Ingrid Solheim",
    ),
    "Auth0": (
        AUTH0,
        {"OIDC_GROUPS_CLAIM": "https://hospital.example/roles"},
        "reception",
        "ingrid.solheim@example.org",
    ),
    "Entra": (
        ENTRA,
        {"OIDC_GROUP_ROLES": "0f5e-doctors=doctor; CN=Nurses,OU=Ward=nurse"},
        "doctor",
        "Ingrid Solheim",
    ),
    "a small one, one group as a text": (SMALL, {}, "doctor", "Ingrid Solheim"),
    "basic alone, groups between commas": (
        BASIC_ALONE,
        {},
        "administrator doctor",
        "Ingrid Solheim",
    ),
    "Ed25519, groups that mean nothing here": (MODERN, {}, "patient", "Ingrid Solheim"),
    "PS256": ({"algorithm": "PS256"}, {}, "patient", "Ingrid Solheim"),
    "ES256 with a missing list of algorithms that is RS256": (
        {"algorithm": "RS256", "published": {"id_token_signing_alg_values_supported": None}},
        {},
        "patient",
        "Ingrid Solheim",
    ),
}


@pytest.fixture(params=list(MAKES.values()), ids=list(MAKES))
def make(request: pytest.FixtureRequest) -> Iterator[tuple[StandardProvider, Any]]:
    options, environment, roles, name = request.param
    with running_standard_provider(**options) as provider:
        yield provider, (environment, roles, name)


def test_people_sign_in_and_out(
    make: tuple[StandardProvider, Any], database: Session, database_url: str
) -> None:
    provider, (environment, roles, name) = make
    with portal_with(provider, database_url, **environment) as app:
        visit = Visit.to(app)

        answer = visit.sign_in("/sign-in/start?next=/sign-ins")

        assert (answer.status_code, answer.location) == (302, "/sign-ins"), answer.text
        account = database.scalars(select(Account)).one()
        assert (account.issuer, account.role_values) == (provider.issuer, roles)
        assert account.name == name
        assert account.email is not None
        left = visit.sign_out()

    assert left.path == "/end-session"
    query = parse_qs(left.query)
    assert query["post_logout_redirect_uri"] == ["http://127.0.0.1:8000/signed-out"]
    back = requests.get(left.geturl(), allow_redirects=False, timeout=5)
    assert back.headers["Location"] == "http://127.0.0.1:8000/signed-out"
    assert database.scalars(select(SignInSession.id_token)).all() == [None]
