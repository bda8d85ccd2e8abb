"""The OpenID provider, as the portal talks to it: the authorization code flow through Authlib."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

import requests
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from portal.config import OpenIdProvider
from portal.signin.discovery import Discovery
from portal.signin.id_token import LEEWAY, Tokens, verify
from portal.signin.pending import PendingSignIn
from portal.signin.person import Person, person_from
from portal.signin.published import TIMEOUT, in_short
from portal.signin.refusals import STOPPED, ProviderAway, SignInRefused
from portal.signin.software_token import SCOPE
from portal.signin.user_info import completed

_ERROR_CODE = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Answer:
    """The query with which the provider sends somebody back to the portal."""

    code: str | None
    error: str | None
    issuer: str | None


class Provider:
    """One provider. Raises `SignInRefused`, or its `ProviderAway`, for all that goes wrong."""

    def __init__(
        self, settings: OpenIdProvider, *, callback_url: str, discovery: Discovery | None = None
    ) -> None:
        self._settings = settings
        self._callback_url = callback_url
        self._discovery = discovery or Discovery(settings.issuer)

    def authorization_url(self, pending: PendingSignIn) -> str:
        """Where the browser goes to sign in; for a second step, whoever sits there proves it anew."""
        asked = "login" if pending.for_second_step else self._settings.prompt
        more = {"prompt": asked} if asked else {}
        if pending.for_second_step:
            more["scope"] = f"{self._settings.scope} {SCOPE}"
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self._discovery.configuration().authorization_endpoint,
                state=pending.state,
                nonce=pending.nonce,
                code_verifier=pending.code_verifier,
                **more,
            )
        return str(url)

    def identify(
        self, answer: Answer, pending: PendingSignIn, *, now: int
    ) -> tuple[Person, Tokens]:
        """Who came back, and the tokens that say so. `now` is in seconds since 1970."""
        self._check_issuer(answer)
        if answer.error or not answer.code:
            raise SignInRefused(f"the provider answered {_code(answer.error)}", STOPPED)
        tokens = self._exchange(answer.code, pending)
        claims = verify(
            tokens,
            nonce=pending.nonce,
            provider=self._settings,
            discovery=self._discovery,
            now=now,
        )
        if pending.for_second_step:
            _check_anew(claims, pending)
        claims = completed(claims, tokens, self._settings, self._discovery.configuration())
        return person_from(claims, self._settings), tokens

    def keeps_hint(self) -> bool:
        """Whether signing out there asks for the ID token."""
        return not self._settings.cognito and self._end_session_url() is not None

    def logout_url(self, *, hint: str | None, return_to: str) -> str | None:
        """Where the provider's own session ends, or None when it has no such place or is away."""
        try:
            url = self._end_session_url()
        except ProviderAway:
            return None
        if url is None:
            return None
        # Cognito's logout takes parameters of its own; OpenID's are from RP-Initiated Logout 1.0.
        back = "logout_uri" if self._settings.cognito else "post_logout_redirect_uri"
        parameters = {"client_id": self._settings.client_id, back: return_to}
        if hint and not self._settings.cognito:
            parameters["id_token_hint"] = hint
        return str(add_params_to_uri(url, list(parameters.items())))

    def _end_session_url(self) -> str | None:
        if self._settings.logout_url:
            return self._settings.logout_url
        configuration = self._discovery.configuration()
        if self._settings.cognito:
            return urljoin(configuration.authorization_endpoint, "/logout")
        return configuration.end_session_endpoint

    def _check_issuer(self, answer: Answer) -> None:
        """RFC 9207: an answer from another provider than the one that was asked is a mix-up attack."""
        configuration = self._discovery.configuration()
        if answer.issuer is None and not configuration.names_itself:
            return
        if answer.issuer != configuration.issuer:
            raise SignInRefused("callback: iss is not the provider's issuer")

    def _exchange(self, code: str, pending: PendingSignIn) -> Tokens:
        for method in self._discovery.configuration().token_auth_methods:
            try:
                return _tokens(self._fetch(method, code, pending))
            except OAuthError as fault:
                refusal = _code(fault.error)
                # A client may be registered for another of the methods that the provider offers.
                if refusal != "invalid_client":
                    break
        raise SignInRefused(f"token endpoint: {refusal}")

    def _fetch(self, method: str, code: str, pending: PendingSignIn) -> Any:
        try:
            with self._client(method) as client:
                return client.fetch_token(
                    self._discovery.configuration().token_endpoint,
                    code=code,
                    code_verifier=pending.code_verifier,
                    allow_redirects=False,
                )
        except requests.RequestException as fault:
            raise ProviderAway(f"token endpoint: {in_short(fault)}") from None
        except (ValueError, TypeError) as fault:
            raise SignInRefused(f"token endpoint: {type(fault).__name__}") from None

    def _client(self, method: str | None = None) -> OAuth2Session:
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


def _basic(client: Any, _method: str, uri: str, headers: Any, body: Any) -> Any:
    """HTTP Basic as RFC 6749, section 2.3.1, wants it: id and secret are form-encoded first."""
    pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
    headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return uri, headers, body


def _tokens(answer: Mapping[str, Any]) -> Tokens:
    id_token, access_token = answer.get("id_token"), answer.get("access_token")
    if not isinstance(id_token, str):
        raise SignInRefused("token endpoint: there is no ID token")
    return Tokens(id_token, access_token if isinstance(access_token, str) else None)


def _check_anew(claims: Mapping[str, Any], pending: PendingSignIn) -> None:
    """`prompt` stands in an address that whoever sits there can change; `auth_time` is signed."""
    at = claims.get("auth_time")
    if not isinstance(at, int) or at < pending.started_at - LEEWAY:
        raise SignInRefused("ID token: auth_time is not of this sign-in")


def _code(error: str | None) -> str:
    """An error code for the log; what else may stand there is not for it."""
    return error if error and _ERROR_CODE.fullmatch(error) else "an error of no known form"
