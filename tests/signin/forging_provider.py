"""A provider that lies: it makes ID tokens that a careful portal must refuse."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws
from joserfc.jwk import RSAKey

from portal.signin.development_cognito.authorization import CognitoIdToken

Claims = dict[str, Any]
ELSEWHERE = "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_Elsewhere"
HOUR = 3600


@dataclass(frozen=True)
class Forgery:
    """What is wrong with a token: claims that replace true ones (None leaves one out), or how it
    is signed: "RS256" rightly, "none" not at all, "HS256" with the public key as the secret,
    "stranger" by a key that is not published, "impostor" by such a key under a published kid,
    "tampered" with claims changed after signing."""

    claims: Callable[[Claims], Claims] = field(default=lambda _claims: {})
    signed: str = "RS256"


FORGERIES = {
    "aud of another client": Forgery(lambda _: {"aud": "somebody-else"}),
    "aud of several without azp": Forgery(lambda c: {"aud": [c["aud"], "somebody-else"]}),
    "aud missing": Forgery(lambda _: {"aud": None}),
    "azp of another client": Forgery(lambda _: {"azp": "somebody-else"}),
    "iss of another pool": Forgery(lambda _: {"iss": ELSEWHERE}),
    "iss missing": Forgery(lambda _: {"iss": None}),
    "token_use access": Forgery(lambda _: {"token_use": "access"}),
    "token_use missing": Forgery(lambda _: {"token_use": None}),
    "expired": Forgery(lambda c: {"iat": c["iat"] - 2 * HOUR, "exp": c["iat"] - 60}),
    "exp missing": Forgery(lambda _: {"exp": None}),
    "issued in the future": Forgery(lambda c: {"iat": c["iat"] + HOUR, "exp": c["exp"] + HOUR}),
    "not yet valid": Forgery(lambda c: {"nbf": c["iat"] + HOUR}),
    "nonce of another sign-in": Forgery(lambda _: {"nonce": "another"}),
    "nonce missing": Forgery(lambda _: {"nonce": None}),
    "sub missing": Forgery(lambda _: {"sub": None}),
    "at_hash of another token": Forgery(lambda _: {"at_hash": "A" * 22}),
    "not signed": Forgery(signed="none"),
    "signed with the public key as a secret": Forgery(signed="HS256"),
    "signed by a key that is not published": Forgery(signed="stranger"),
    "signed by another key under a published kid": Forgery(signed="impostor"),
    "changed after signing": Forgery(signed="tampered"),
}


class ForgingIdToken(CognitoIdToken):
    """Makes honest ID tokens until a test chooses a `forgery`."""

    forgery: Forgery | None = None

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
        honest: str = super().encode_id_token(token, request)
        if self.forgery is None:
            return honest
        parsed = jws.extract_compact(honest.encode())
        claims = json.loads(parsed.payload)
        changed = {**claims, **self.forgery.claims(claims)}
        changed = {name: value for name, value in changed.items() if value is not None}
        return self._signed(parsed.headers(), changed, honest)

    def _signed(self, header: Claims, claims: Claims, honest: str) -> str:
        assert self.forgery
        published = self.pool.keys.private_keys().get_by_kid(header["kid"])
        match self.forgery.signed:
            case "RS256":
                return _rs256(header, claims, published)
            case "none":
                return f"{_unsigned({**header, 'alg': 'none'}, claims)}."
            case "HS256":
                text = _unsigned({**header, "alg": "HS256"}, claims)
                secret = published.as_pem(private=False)
                return f"{text}.{_base64(hmac.digest(secret, text.encode(), hashlib.sha256))}"
            case "stranger":
                return _rs256({**header, "kid": "stranger"}, claims, RSAKey.generate_key(2048))
            case "impostor":
                return _rs256(header, claims, RSAKey.generate_key(2048))
            case _:
                changed = _unsigned(header, {**claims, "cognito:groups": ["administrator"]})
                return f"{changed}.{honest.rpartition('.')[2]}"


def _rs256(header: Claims, claims: Claims, key: Any) -> str:
    return jws.serialize_compact(header, json.dumps(claims), key, ["RS256"])


def _unsigned(header: Claims, claims: Claims) -> str:
    return f"{_base64(json.dumps(header).encode())}.{_base64(json.dumps(claims).encode())}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
