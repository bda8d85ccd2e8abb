"""ID tokens that a portal must not accept: wrong claims, and missing or wrong signatures."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

from joserfc.jwk import RSAKey

from tests.signin.standard_provider import CLIENT_ID, CLIENT_SECRET, StandardProvider

NOW = int(time.time())
HOUR = 3600
"""So far ahead that a test which runs long after this file was read still finds it ahead."""

CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "another client's": ({"aud": "another"}, "invalid_claim aud"),
    "several, ours missing": ({"aud": ["a", "b"], "azp": CLIENT_ID}, "invalid_claim aud"),
    "no audience": ({"aud": None}, "missing_claim aud"),
    "several audiences, no azp": ({"aud": [CLIENT_ID, "a"]}, "missing_claim azp"),
    "several audiences, other azp": ({"aud": [CLIENT_ID, "a"], "azp": "a"}, "invalid_claim azp"),
    "other azp": ({"azp": "another"}, "invalid_claim azp"),
    "other issuer": ({"iss": "https://elsewhere.example"}, "invalid_claim iss"),
    "no issuer": ({"iss": None}, "missing_claim iss"),
    "access token": ({"token_use": "access"}, "invalid_claim token_use"),
    "no token_use": ({"token_use": None}, "missing_claim token_use"),
    "expired": ({"exp": NOW - 91}, "expired_token exp"),
    "no expiry": ({"exp": None}, "missing_claim exp"),
    "expiry in words": ({"exp": "never"}, "invalid_claim exp"),
    "not yet valid": ({"nbf": NOW + HOUR}, "invalid_claim nbf"),
    "issued in the future": ({"iat": NOW + HOUR}, "invalid_claim iat"),
    "never issued": ({"iat": None}, "missing_claim iat"),
    "no nonce": ({"nonce": None}, "missing_claim nonce"),
    "another nonce": ({"nonce": "replayed"}, "invalid_claim nonce"),
    "another access token's": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "invalid_claim at_hash"),
    "nobody": ({"sub": None}, "missing_claim sub"),
    "empty subject": ({"sub": ""}, "invalid_claim sub"),
    "endless subject": ({"sub": "s" * 256}, "invalid_claim sub"),
    "subject with a space behind": ({"sub": "subject-1 "}, "invalid_claim sub"),
    "subject beyond ASCII": ({"sub": "sübject"}, "invalid_claim sub"),
    "subject that is a number": ({"sub": 7}, "invalid_claim sub"),
    "groups as a text": ({"cognito:groups": "doctor"}, "groups are not a list"),
    "groups as an object": ({"cognito:groups": {"doctor": True}}, "groups are not a list"),
    "groups within groups": ({"cognito:groups": [["doctor"]]}, "groups are not a list"),
}


def encoded(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def unsigned(liar: StandardProvider, claims: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none', 'kid': liar.key.kid})}.{encoded(claims)}."


def hmac_signed(liar: StandardProvider, claims: dict[str, Any], secret: bytes) -> str:
    text = f"{encoded({'alg': 'HS256', 'kid': liar.key.kid})}.{encoded(claims)}"
    signature = hmac.digest(secret, text.encode(), "sha256")
    return f"{text}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def with_public_key_as_secret(liar: StandardProvider, claims: dict[str, Any]) -> str:
    return hmac_signed(liar, claims, liar.key.as_pem(private=False))


def with_client_secret(liar: StandardProvider, claims: dict[str, Any]) -> str:
    return hmac_signed(liar, claims, CLIENT_SECRET.encode())


def with_unknown_key(liar: StandardProvider, claims: dict[str, Any]) -> str:
    return liar.sign(claims, liar.new_key("unknown"), kid="unknown")


def with_another_key_of_that_name(liar: StandardProvider, claims: dict[str, Any]) -> str:
    return liar.sign(claims, liar.new_key())


def with_a_key_it_brings_along(liar: StandardProvider, claims: dict[str, Any]) -> str:
    key = liar.new_key()
    return liar.sign(claims, key, jwk=key.as_dict(private=False))


def with_an_algorithm_not_announced(liar: StandardProvider, claims: dict[str, Any]) -> str:
    return liar.sign(claims, alg="PS256")


def with_changed_claims(liar: StandardProvider, claims: dict[str, Any]) -> str:
    header, _, signature = liar.sign(claims).split(".")
    return f"{header}.{encoded({**claims, 'cognito:groups': ['administrator']})}.{signature}"


def with_a_changed_signature(liar: StandardProvider, claims: dict[str, Any]) -> str:
    head, signature = liar.sign(claims).rsplit(".", 1)
    return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def with_a_key_for_encryption(liar: StandardProvider, claims: dict[str, Any]) -> str:
    key = liar.new_key("for-encryption")
    liar.more_keys = [RSAKey.import_key({**key.as_dict(private=False), "use": "enc"})]
    return liar.sign(claims, key, kid="for-encryption")


SIGNATURES = {
    unsigned: "unsupported_algorithm",
    with_public_key_as_secret: "unsupported_algorithm",
    with_client_secret: "unsupported_algorithm",
    with_an_algorithm_not_announced: "unsupported_algorithm",
    with_unknown_key: "invalid_key_id",
    with_a_key_for_encryption: "invalid_key_id",
    with_another_key_of_that_name: "bad_signature",
    with_a_key_it_brings_along: "bad_signature",
    with_changed_claims: "bad_signature",
    with_a_changed_signature: "bad_signature",
}
