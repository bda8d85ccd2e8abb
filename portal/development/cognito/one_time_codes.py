"""The codes of authenticator apps (RFC 6238): six digits, a new one every 30 seconds."""

import base64
import secrets

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30
KEY_BYTES = 32


def new_key() -> str:
    """A key in Base32, as people type it into an app."""
    return base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")


def code_at(key: str, now: float) -> str:
    """The code that an app with this key shows at this second."""
    return _app(key).generate(int(now)).decode()


def fits(key: str, code: str, now: float) -> bool:
    """Whether it is the current code or the one before or after it: clocks of phones differ."""
    return any(_is(key, code, now + beside) for beside in (-STEP, 0, STEP))


def _is(key: str, code: str, now: float) -> bool:
    try:
        _app(key).verify(code.encode(), int(now))
    except InvalidToken:
        return False
    return True


def _app(key: str) -> TOTP:
    padded = key + "=" * (-len(key) % 8)
    # SHA-1 is the only hash that all apps support.
    return TOTP(base64.b32decode(padded), 6, SHA1(), STEP)  # noqa: S303
