"""One-time codes as text, and their hash. Only the hash is stored.

Sixty bits are short enough to type, but too few for a fast hash: an attacker with the database and the key
could try them all. So codes are hashed like passwords, with scrypt (NIST SP 800-63B requires that below 112
bits). A code is looked up by its hash, so all codes share one salt: the key.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, which has no characters that look alike."""
LENGTH, GROUP = 12, 4
_READ_AS = str.maketrans("OIL", "011")
_COST = {"n": 2**14, "r": 8, "p": 5}
"""16 MB and about 0.2 s (OWASP's Password Storage Cheat Sheet)."""


def new_code() -> str:
    """Sixty random bits in three groups, such as `7KQF-2M9X-PD3T`."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def hash_code(typed: str, secret: str) -> str:
    """Case and spaces do not matter; O counts as 0, I and L as 1."""
    salt = hmac.digest(secret.encode(), b"account codes", "sha256")
    return hashlib.scrypt(_message(typed), salt=salt, dklen=32, **_COST).hex()


def hashes_of(typed: str, known_secrets: Sequence[str]) -> tuple[str, ...]:
    """All hashes that may be stored for a code: it may have been issued with a former key, or by a release
    that still used a fast hash.
    """
    message = _message(typed)
    return (
        *(hash_code(typed, secret) for secret in known_secrets),
        *(hmac.new(one.encode(), message, "sha256").hexdigest() for one in known_secrets),
    )


def _message(typed: str) -> bytes:
    signs = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", typed).upper())
    return f"account code {signs.translate(_READ_AS)}".encode()
