"""A second OpenID provider, written from the specifications, that tests can make misbehave.

It shares no code with the development Cognito. Everybody is signed in without a question, as `claims` says.
"""

import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from typing import Any
from urllib.parse import unquote_plus, urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from tests.serving import listening, serving

CLIENT_ID = "the-portal"
CLIENT_SECRET = "p%ss: w/ord+ü"
"""Every character in it is spoiled by somebody who encodes it wrongly."""

KINDS: dict[str, tuple[Any, Any]] = {"ES": (ECKey, "P-256"), "Ed": (OKPKey, "Ed25519")}

Claims = dict[str, Any]
Forgery = Callable[["StandardProvider", Claims], Any]


@dataclass
class StandardProvider:
    """What it publishes, the person it signs in, and what it gets wrong."""

    origin: str
    path: str = "/"
    """What follows the origin in its issuer. A slash at the end is part of its name."""
    algorithm: str = "ES256"
    auth_methods: tuple[str, ...] = ("client_secret_post",)
    accepted_auth: tuple[str, ...] | None = None
    """Which of them this client may use, when that is fewer."""
    claims: Claims = field(default_factory=dict)
    user_info: Claims | int = 404
    """What userinfo answers: claims, or a status."""
    published: Claims = field(default_factory=dict)
    """Replaces members of the discovery document; None removes one."""
    sends_iss: bool = False
    more_keys: list[Any] = field(default_factory=list)
    forge: Forgery | None = None
    callback_query: dict[str, str | None] = field(default_factory=dict)
    """Replaces parameters of the way back; None removes one."""
    away: bool = False
    """Everything is answered with 503."""
    moved: dict[str, str] = field(default_factory=dict)
    """Paths that are redirected, each with its new address."""
    hangs_for: float = 0.0
    """Seconds before anything is answered."""
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access_tokens: set[str] = field(default_factory=set)
    refresh_tokens: set[str] = field(default_factory=set)
    rotates: bool = False
    """A refresh token can be used once, and another comes with its answer."""

    def __post_init__(self) -> None:
        self.key = self.new_key()

    @property
    def issuer(self) -> str:
        return self.origin + self.path

    def new_key(self, kid: str = "current") -> Any:
        kind, size = KINDS.get(self.algorithm[:2], (RSAKey, 2048))
        return kind.generate_key(size, {"kid": kid, "use": "sig"})

    def base_claims(self, nonce: str | None, access_token: str) -> Claims:
        now = int(time.time())
        defaults = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": nonce,
            "at_hash": half_hash(access_token, self.algorithm),
            "name": "Ingrid Solheim",
            "email": "ingrid.solheim@example.org",
        }
        merged = {**defaults, **self.claims}
        return {name: value for name, value in merged.items() if value is not None}

    def sign(self, claims: Claims, key: Any = None, **header: Any) -> str:
        stated = {"alg": self.algorithm, "kid": self.key.kid, **header}
        stated = {name: value for name, value in stated.items() if value is not None}
        registry = jws.JWSRegistry(algorithms=[stated["alg"]], strict_check_header=False)
        return jwt.encode(stated, claims, key or self.key, registry=registry)

    def configuration(self) -> Claims:
        document = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "userinfo_endpoint": f"{self.origin}/userinfo",
            "jwks_uri": f"{self.origin}/keys",
            "end_session_endpoint": f"{self.origin}/end-session",
            "id_token_signing_alg_values_supported": [self.algorithm],
            "token_endpoint_auth_methods_supported": list(self.auth_methods),
            "authorization_response_iss_parameter_supported": self.sends_iss,
            **self.published,
        }
        return {name: value for name, value in document.items() if value is not None}

    def application(self) -> Flask:
        app = Flask(__name__)
        app.before_request(self._notice)
        discovery = self.path.rstrip("/") + "/.well-known/openid-configuration"
        app.add_url_rule(discovery, "configuration", self.configuration)
        app.add_url_rule("/keys", "keys", self._keys)
        app.add_url_rule("/authorize", "authorize", self._authorize)
        app.add_url_rule("/token", "token", self._token, methods=["POST"])
        app.add_url_rule("/userinfo", "userinfo", self._user_info)
        app.add_url_rule("/end-session", "end_session", self._end_session)
        return app

    def _notice(self) -> Any:
        self.asked.append(request.path)
        time.sleep(self.hangs_for)
        if request.path in self.moved:
            return redirect(self.moved[request.path])
        return ("", 503) if self.away else None

    def _keys(self) -> Any:
        public = [key.as_dict(private=False) for key in (self.key, *self.more_keys)]
        return {"keys": public}

    def _authorize(self) -> Response:
        asked = request.args.to_dict()
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], **self.callback_query}
        if self.sends_iss:
            back = {"iss": self.issuer, **back}
        query = urlencode({name: value for name, value in back.items() if value is not None})
        return redirect(f"{asked['redirect_uri']}?{query}")  # type: ignore[return-value]

    def _token(self) -> Any:
        if not self._client_is_known():
            return {"error": "invalid_client"}, 401
        if request.form["grant_type"] == "refresh_token":
            return self._refreshed(request.form["refresh_token"])
        asked = self.codes.pop(request.form["code"], None)
        challenge = urlsafe_b64encode(sha256(request.form["code_verifier"].encode()).digest())
        if (
            asked is None
            or asked["redirect_uri"] != request.form["redirect_uri"]
            or asked["code_challenge"] != challenge.rstrip(b"=").decode()
        ):
            return {"error": "invalid_grant"}, 400
        return {**self._tokens(asked["nonce"]), "refresh_token": self._refresh_token()}

    def _refreshed(self, token: str) -> Any:
        if token not in self.refresh_tokens:
            return {"error": "invalid_grant"}, 400
        if not self.rotates:
            return self._tokens(None)
        self.refresh_tokens.remove(token)
        return {**self._tokens(None), "refresh_token": self._refresh_token()}

    def _refresh_token(self) -> str:
        self.refresh_tokens.add(token := secrets.token_urlsafe(16))
        return token

    def _tokens(self, nonce: str | None) -> dict[str, Any]:
        access_token = secrets.token_urlsafe(16)
        self.access_tokens.add(access_token)
        claims = self.base_claims(nonce, access_token)
        id_token = self.forge(self, claims) if self.forge else self.sign(claims)
        return {"token_type": "Bearer", "access_token": access_token, "id_token": id_token}

    def _client_is_known(self) -> bool:
        accepted = self.accepted_auth or self.auth_methods
        header = request.headers.get("Authorization", "")
        if header:
            pair = b64decode(header.removeprefix("Basic ")).decode().split(":")
            known = [unquote_plus(part) for part in pair] == [CLIENT_ID, CLIENT_SECRET]
            return known and "client_secret_basic" in accepted
        sent = request.form.get("client_id"), request.form.get("client_secret")
        return sent == (CLIENT_ID, CLIENT_SECRET) and "client_secret_post" in accepted

    def _user_info(self) -> Any:
        bearer = request.headers["Authorization"].removeprefix("Bearer ")
        assert bearer in self.access_tokens
        return ("", self.user_info) if isinstance(self.user_info, int) else jsonify(self.user_info)

    def _end_session(self) -> Response:
        hint = jwt.decode(
            request.args["id_token_hint"], KeySet([self.key]), algorithms=[self.algorithm]
        )
        assert hint.claims["aud"] == CLIENT_ID == request.args["client_id"]
        return redirect(request.args["post_logout_redirect_uri"])  # type: ignore[return-value]


def half_hash(text: str, algorithm: str) -> str:
    """`at_hash` (OpenID Connect Core 1.0, section 3.1.3.6); Ed25519 hashes with SHA-512."""
    digest = (sha512 if algorithm.startswith("Ed") else sha256)(text.encode()).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


@contextmanager
def running_standard_provider(**options: Any) -> Iterator[StandardProvider]:
    with listening() as (found, origin):
        provider = StandardProvider(origin, **options)
        with serving(provider.application(), found):
            yield provider
