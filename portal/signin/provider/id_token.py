"""All checks that an ID token must pass before the portal trusts it.

After OpenID Connect Core 1.0, section 3.1.3.7, and for Cognito "Verifying JSON web tokens" in the
Amazon Cognito developer guide.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
)
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from portal.settings.configuration import OpenIdProvider
from portal.signin.provider.discovery import Configuration, Discovery
from portal.signin.provider.refusals import SignInRefused

log = logging.getLogger("portal.signin")

LEEWAY = 90
"""Seconds by which clocks may differ. Cognito's `iat` can be a second ahead of our clock."""
USUAL = 30
"""Seconds of difference between clocks from which the log has a warning."""

_SUBJECT = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?")
"""ASCII, at most 255 characters, no trailing space, because databases treat 'a' and 'a ' as equal."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The response of the token endpoint, not yet checked."""

    id_token: str
    access_token: str | None
    refresh_token: str | None = None
    """For checking later whether the person may still use the portal."""


class IdTokenClaims(CodeIDToken):
    """Authlib's checks (`iss`, `aud`, `azp`, `exp`, `iat`, `nbf`, `nonce`, `at_hash`) and ours."""

    def validate(self, now: int | None = None, leeway: int = 0) -> None:
        super().validate(now, leeway)
        if not _SUBJECT.fullmatch(self["sub"]):
            raise InvalidClaimError("sub")
        if self.params["cognito"] and "token_use" not in self:
            raise MissingClaimError("token_use")
        if self.get("token_use", "id") != "id":
            raise InvalidClaimError("token_use")


def verify(
    tokens: Tokens, *, nonce: str | None, provider: OpenIdProvider, discovery: Discovery, now: int
) -> Mapping[str, Any]:
    """The claims of the ID token. Raises `SignInRefused` if any check fails.

    `now` is in seconds since 1970; `nonce` is None for a token that was refreshed.
    """
    configuration = discovery.configuration()
    try:
        token = _decode(tokens.id_token, configuration, discovery)
        claims = IdTokenClaims(
            token.claims,
            _header_for_authlib(token.header),
            {
                "iss": {"essential": True, "value": configuration.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            {
                "nonce": nonce,
                "client_id": provider.client_id,
                # Refreshed ID tokens need no at_hash (OpenID Connect Core, 12.2).
                "access_token": tokens.access_token if nonce else None,
                "cognito": provider.cognito,
            },
        )
        claims.validate(now=now, leeway=LEEWAY)
        _warn_of_clocks(claims, now)
    except JoseError as fault:
        raise SignInRefused(f"ID token: {_in_short(fault)}") from None
    except (ValueError, TypeError) as fault:
        raise SignInRefused(f"ID token: not understood, {type(fault).__name__}") from None
    return claims


def _decode(id_token: str, configuration: Configuration, discovery: Discovery) -> jwt.Token:
    try:
        return _verified(id_token, configuration, discovery.keys())
    except (InvalidKeyIdError, BadSignatureError):
        # The provider may have changed its keys since they were fetched, even under the same key id. They are
        # not fetched more often than `published.PAUSE` allows.
        return _verified(id_token, configuration, discovery.keys(refresh=True))


def _verified(id_token: str, configuration: Configuration, keys: KeySet) -> jwt.Token:
    registry = JWSRegistry(algorithms=sorted(configuration.algorithms), strict_check_header=False)
    # Some providers put a chain of certificates into the header.
    registry.max_header_length = 8192
    return jwt.decode(id_token, keys, registry=registry)


def _warn_of_clocks(claims: Mapping[str, Any], now: int) -> None:
    """Logs a warning before clocks differ so much that nobody can sign in."""
    ahead = max(claims["iat"], claims.get("nbf", 0)) - now
    behind = now - claims["exp"]
    if max(ahead, behind) > USUAL:
        log.warning("our clock and the provider's differ by %d s", max(ahead, behind))


def _header_for_authlib(header: Mapping[str, Any]) -> Mapping[str, Any]:
    """For `at_hash`, Authlib only knows the older name of Ed25519 (RFC 9864)."""
    return {**header, "alg": "EdDSA"} if header["alg"] == "Ed25519" else header


def _in_short(fault: JoseError) -> str:
    claim = getattr(fault, "claim", None)
    return f"{fault.error} {claim}" if claim else fault.error
