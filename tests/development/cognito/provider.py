"""A running development provider, and a plain client that signs in there as a portal would."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet

from portal.development.cognito import create_development_cognito
from portal.development.cognito.people import NamedPerson
from portal.development.cognito.settings import DevelopmentCognitoSettings
from tests.serving import listening, serving

PORTAL = "http://127.0.0.1:8000"
CALLBACK = f"{PORTAL}/sign-in/callback"
SIGNED_OUT = f"{PORTAL}/signed-out"


@dataclass
class Clock:
    """The provider's clock, which tests can move."""

    second: float = 1_900_000_000.0

    def __call__(self) -> float:
        return self.second


@contextmanager
def running_provider(**changes: object) -> Iterator[DevelopmentCognitoSettings]:
    """Runs the provider on a free port of loopback; yields its settings."""
    with listening() as (found, _):
        settings = DevelopmentCognitoSettings(
            **{
                "environment": "development",
                "port": found.getsockname()[1],
                "callback_urls": (CALLBACK,),
                "logout_urls": (SIGNED_OUT,),
                **changes,
            }
        )
        with serving(create_development_cognito(settings), found):
            yield settings


@dataclass
class PlainClient:
    """A browser and the portal's side of the flow, with only `requests`."""

    settings: DevelopmentCognitoSettings
    browser: requests.Session = field(default_factory=requests.Session)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def question(self, **changes: str | None) -> dict[str, str]:
        """The query of an authorization request; None leaves out a parameter."""
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid email profile",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": create_s256_code_challenge(self.verifier),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in query.items() if value is not None}

    def get(self, path: str, query: dict[str, str] | None = None) -> requests.Response:
        return self.browser.get(
            f"{self.settings.domain}{path}", params=query, allow_redirects=False, timeout=10
        )

    def authorize(self, **changes: str | None) -> requests.Response:
        return self.get("/oauth2/authorize", self.question(**changes))

    def choose(self, username: str, **changes: str | None) -> requests.Response:
        """Press somebody's button on the page that the authorize endpoint leads to."""
        asked = self.authorize(**changes)
        assert asked.status_code == 302, asked.text
        assert urlsplit(asked.headers["Location"]).path == "/login"
        return self.browser.post(
            f"{self.settings.domain}{asked.headers['Location']}",
            data={"username": username},
            allow_redirects=False,
            timeout=10,
        )

    def code_for(self, person: NamedPerson, **changes: str | None) -> str:
        return self.answer(self.choose(person.sub, **changes))["code"]

    def answer(self, response: requests.Response) -> dict[str, str]:
        """The query that the provider sends to the portal's callback."""
        assert response.status_code == 302, response.text
        assert response.headers["Location"].startswith(f"{CALLBACK}?")
        query = parse_qs(urlsplit(response.headers["Location"]).query, strict_parsing=True)
        return {name: value for name, [value] in query.items()}

    def exchange(self, code: str, /, **changes: str | None) -> requests.Response:
        """Send the code to the token endpoint, with the secret in the form."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": self.settings.client_id,
            "client_secret": self.settings.client_secret,
            "code_verifier": self.verifier,
            **changes,
        }
        # requests leaves out None values.
        return requests.post(f"{self.settings.domain}/oauth2/token", data=form, timeout=10)

    def refresh(self, token: str) -> requests.Response:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": self.settings.client_id,
            "client_secret": self.settings.client_secret,
        }
        return requests.post(f"{self.settings.domain}/oauth2/token", data=form, timeout=10)

    def claims_of(self, token: str) -> dict[str, Any]:
        """The claims of a token, its signature verified with the published keys."""
        return jwt.decode(token, self.published_keys(), algorithms=["RS256"]).claims

    def published_keys(self) -> KeySet:
        path = f"/{self.settings.pool_id}/.well-known/jwks.json"
        return KeySet.import_key_set(self.get(path).json())

    def user_info(self, access_token: str) -> requests.Response:
        return requests.get(
            f"{self.settings.domain}/oauth2/userInfo",
            headers={"Authorization": f"Bearer {access_token}"},
            timeout=10,
        )
