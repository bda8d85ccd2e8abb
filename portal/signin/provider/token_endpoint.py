"""The provider's token endpoint: tokens for a code, and later for a refresh token."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from portal.settings.configuration import OpenIdProvider
from portal.signin.provider.discovery import Discovery
from portal.signin.provider.id_token import Tokens
from portal.signin.provider.published import TIMEOUT, in_short
from portal.signin.provider.refusals import NoLongerValid, ProviderAway, SignInRefused

_ERROR_CODE = re.compile(r"[a-z_]{1,40}")

Question = Callable[[OAuth2Session, str], Any]
"""A client of the token endpoint at this URL."""


class TokenEndpoint:
    """Every method raises `SignInRefused` on errors: `ProviderAway` when the endpoint does not answer,
    `NoLongerValid` when it rejects the code or the refresh token.
    """

    def __init__(self, settings: OpenIdProvider, discovery: Discovery, callback_url: str) -> None:
        self._settings = settings
        self._discovery = discovery
        self._callback_url = callback_url

    def exchange(self, code: str, code_verifier: str) -> Tokens:
        def question(client: OAuth2Session, url: str) -> Any:
            return client.fetch_token(
                url, code=code, code_verifier=code_verifier, allow_redirects=False
            )

        return self._ask_by_each_method(question)

    def refresh(self, refresh_token: str) -> Tokens:
        """New tokens for a person who signed in before."""

        def question(client: OAuth2Session, url: str) -> Any:
            # Without a scope, the new tokens have the same scope.
            client.scope = None
            return client.refresh_token(url, refresh_token, allow_redirects=False)

        return self._ask_by_each_method(question)

    def client(self, method: str | None = None) -> OAuth2Session:
        client = OAuth2Session(
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret,
            token_endpoint_auth_method=method,
            scope=self._settings.scope,
            redirect_uri=self._callback_url,
            code_challenge_method="S256",
            default_timeout=TIMEOUT,
        )
        client.register_client_auth_method(("client_secret_basic", _basic))
        return client

    def _ask_by_each_method(self, question: Question) -> Tokens:
        for method in self._discovery.configuration().token_auth_methods:
            try:
                return _tokens(self._ask(method, question))
            except OAuthError as fault:
                refusal = code_of(fault.error)
                # The client may be registered for another method of the provider.
                if refusal != "invalid_client":
                    break
        kind = NoLongerValid if refusal == "invalid_grant" else SignInRefused
        raise kind(f"token endpoint: {refusal}")

    def _ask(self, method: str, question: Question) -> Any:
        endpoint = self._discovery.configuration().token_endpoint
        try:
            with self.client(method) as client:
                return question(client, endpoint)
        except requests.RequestException as fault:
            raise ProviderAway(f"token endpoint: {in_short(fault)}") from None
        except (ValueError, TypeError) as fault:
            raise SignInRefused(f"token endpoint: {type(fault).__name__}") from None


def code_of(error: str | None) -> str:
    """A known error code for the log; other values must not get into the log."""
    return error if error and _ERROR_CODE.fullmatch(error) else "an error of no known form"


def _basic(client: Any, _method: str, uri: str, headers: Any, body: Any) -> Any:
    """HTTP Basic as in RFC 6749, section 2.3.1: id and secret are form-encoded first."""
    pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
    headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return uri, headers, body


def _tokens(answer: Mapping[str, Any]) -> Tokens:
    id_token = answer.get("id_token")
    if not isinstance(id_token, str):
        raise SignInRefused("token endpoint: there is no ID token")
    access_token, refresh_token = (
        value if isinstance(value := answer.get(name), str) else None
        for name in ("access_token", "refresh_token")
    )
    return Tokens(id_token, access_token, refresh_token)
