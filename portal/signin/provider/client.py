"""A client of the OpenID provider: the authorization code flow with Authlib."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from authlib.common.urls import add_params_to_uri

from portal.access import STAFF
from portal.settings.configuration import OpenIdProvider
from portal.signin.provider.discovery import Discovery
from portal.signin.provider.id_token import LEEWAY, Tokens, verify
from portal.signin.provider.pending import PendingSignIn
from portal.signin.provider.person import Person, person_from
from portal.signin.provider.refusals import STOPPED, ProviderAway, SignInRefused
from portal.signin.provider.token_endpoint import TokenEndpoint, code_of
from portal.signin.provider.user_info import completed
from portal.signin.second_step.software_token import SCOPE

MAX_AGE = 12 * 3600
"""The greatest age in seconds of a sign-in at the provider, unless the hospital requires a new one each
time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The query parameters of the callback."""

    code: str | None
    error: str | None
    issuer: str | None


class Provider:
    """One provider. Every method raises `SignInRefused`, or its subclass `ProviderAway`, on errors."""

    def __init__(
        self, settings: OpenIdProvider, *, callback_url: str, discovery: Discovery | None = None
    ) -> None:
        self._settings = settings
        self._discovery = discovery or Discovery(settings.issuer)
        self._token_endpoint = TokenEndpoint(settings, self._discovery, callback_url)

    def authorization_url(self, pending: PendingSignIn) -> str:
        """The URL for signing in. To set up a second step, the person must sign in again."""
        asked = "login" if pending.for_second_step else self._settings.prompt
        more: dict[str, str | int] = {
            "max_age": 0 if self._wants_a_new_sign_in(pending) else MAX_AGE
        }
        if asked:
            more["prompt"] = asked
        if pending.for_second_step:
            more["scope"] = f"{self._settings.scope} {SCOPE}"
        with self._token_endpoint.client() as client:
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
        """The person of this callback, and their tokens. `now` is in seconds since 1970."""
        self._check_issuer(answer)
        if answer.error or not answer.code:
            raise SignInRefused(f"the provider answered {code_of(answer.error)}", STOPPED)
        tokens = self._token_endpoint.exchange(answer.code, pending.code_verifier)
        claims = verify(
            tokens,
            nonce=pending.nonce,
            provider=self._settings,
            discovery=self._discovery,
            now=now,
        )
        claims = completed(claims, tokens, self._settings, self._discovery.configuration())
        person = person_from(claims, self._settings)
        if pending.for_second_step or person.roles & STAFF:
            is_new = self._wants_a_new_sign_in(pending)
            _check_recent(claims, pending.started_at if is_new else now - MAX_AGE)
        return person, tokens

    def ask_again(self, refresh_token: str, *, now: int) -> tuple[Person, Tokens]:
        """Current data of a person who signed in before.

        Raises `NoLongerValid` when the provider no longer accepts the refresh token. A response without an ID
        token is an error, because it does not contain the groups.
        """
        tokens = self._token_endpoint.refresh(refresh_token)
        claims = verify(
            tokens, nonce=None, provider=self._settings, discovery=self._discovery, now=now
        )
        claims = completed(claims, tokens, self._settings, self._discovery.configuration())
        return person_from(claims, self._settings), tokens

    def _wants_a_new_sign_in(self, pending: PendingSignIn) -> bool:
        """Whether a session that the provider remembers, perhaps of another person, is not accepted."""
        return pending.for_second_step or self._settings.prompt == "login"

    def keeps_hint(self) -> bool:
        """Whether the provider's logout needs the ID token."""
        return not self._settings.cognito and self._end_session_url() is not None

    def logout_url(self, *, hint: str | None, return_to: str) -> str | None:
        """The URL for ending the provider's own session; None if it has none or is unavailable."""
        try:
            url = self._end_session_url()
        except ProviderAway:
            return None
        if url is None:
            return None
        # Cognito's logout has its own parameters; OpenID's are from RP-Initiated Logout 1.0.
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
        """RFC 9207: a response from a different provider is a mix-up attack."""
        configuration = self._discovery.configuration()
        if answer.issuer is None and not configuration.names_itself:
            return
        if answer.issuer != configuration.issuer:
            raise SignInRefused("callback: iss is not the provider's issuer")


def _check_recent(claims: Mapping[str, Any], oldest: int) -> None:
    """Users can change `prompt` and `max_age` in the URL, but `auth_time` is signed."""
    at = claims.get("auth_time")
    if not isinstance(at, int) or at < oldest - LEEWAY:
        raise SignInRefused("ID token: auth_time is missing or too old")
