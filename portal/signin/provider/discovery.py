"""The provider's published configuration: its addresses, methods and keys."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

from portal.signin.provider.published import Published

log = logging.getLogger("portal.signin")

ASYMMETRIC = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
    | {"Ed25519"}
)
"""Never `none` or HS*, with which others could also sign."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The part of the discovery document that the portal uses (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    token_auth_methods: tuple[str, ...]
    algorithms: frozenset[str]
    names_itself: bool
    """Whether the provider sends `iss` to the callback (RFC 9207)."""


class Discovery:
    """The configuration and keys of the provider with this issuer."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._configuration = Published[Configuration]("the provider's configuration", clock)
        self._keys = Published[KeySet]("the provider's keys", clock)

    def configuration(self) -> Configuration:
        url = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
        return self._configuration.get(url, self._read_configuration)

    def keys(self, *, refresh: bool = False) -> KeySet:
        return self._keys.get(self.configuration().jwks_uri, read_keys, refresh=refresh)

    def _read_configuration(self, document: Any) -> Configuration:
        if not isinstance(document, dict):
            raise ValueError("it is not an object")
        issuer = _text(document, "issuer")
        # A trailing slash is part of an issuer's name, and often missing in settings.
        if issuer.rstrip("/") != self._issuer.rstrip("/"):
            raise ValueError("its issuer is not OIDC_ISSUER")
        secure = urlsplit(self._issuer).scheme == "https"
        return Configuration(
            issuer=issuer,
            authorization_endpoint=_address(document, "authorization_endpoint", secure),
            token_endpoint=_address(document, "token_endpoint", secure),
            jwks_uri=_address(document, "jwks_uri", secure),
            userinfo_endpoint=_maybe_address(document, "userinfo_endpoint", secure),
            end_session_endpoint=_maybe_address(document, "end_session_endpoint", secure),
            token_auth_methods=_methods(document),
            algorithms=_algorithms(document),
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        )


def read_keys(document: Any) -> KeySet:
    """The keys that verify signatures. Other keys of the provider are ignored."""
    published = document.get("keys") if isinstance(document, dict) else None
    keys = []
    for key in published if isinstance(published, list) else []:
        if not isinstance(key, dict) or key.get("kty") == "oct" or key.get("use", "sig") != "sig":
            continue
        try:
            keys.append(JWKRegistry.import_key(key))
        except (JoseError, ValueError, TypeError, LookupError, UnsupportedAlgorithm):
            log.warning("one of the provider's keys was not understood")
    if not keys:
        raise ValueError("there is no key that verifies signatures")
    return KeySet(keys)


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"it has no {name}")
    return value


def _address(document: Mapping[str, Any], name: str, secure: bool) -> str:
    value = _text(document, name)
    if urlsplit(value).scheme not in (("https",) if secure else ("https", "http")):
        raise ValueError(f"its {name} is not an https address")
    return value


def _maybe_address(document: Mapping[str, Any], name: str, secure: bool) -> str | None:
    return _address(document, name, secure) if document.get(name) else None


def _methods(document: Mapping[str, Any]) -> tuple[str, ...]:
    known = ("client_secret_basic", "client_secret_post")
    # A missing value means client_secret_basic.
    offered = document.get("token_endpoint_auth_methods_supported") or known[:1]
    methods = tuple(method for method in known if method in offered)
    if not methods:
        raise ValueError("its token endpoint takes no client secret")
    return methods


def _algorithms(document: Mapping[str, Any]) -> frozenset[str]:
    algorithms = ASYMMETRIC & set(
        document.get("id_token_signing_alg_values_supported") or ["RS256"]
    )
    if not algorithms:
        # With an empty set, joserfc would use its defaults, which include HS256.
        raise ValueError("it signs ID tokens with no algorithm that can be trusted")
    return algorithms
