"""Refresh tokens are stored encrypted, so that a copy of the database doesn't reveal them."""

from collections.abc import Sequence

from cryptography.fernet import InvalidToken

from portal.settings import keys
from portal.signin.rechecking.rules import LONGEST_TOKEN

PURPOSE = "refresh tokens"


def sealed(token: str | None, secrets: Sequence[str]) -> str | None:
    """The encrypted token; None without a token, or when it is too long to store."""
    if token is None or len(token) > LONGEST_TOKEN:
        return None
    return keys.fernet(secrets, PURPOSE).encrypt(token.encode()).decode()


def opened(stored: str, secrets: Sequence[str]) -> str | None:
    """The refresh token; None when its key is no longer known."""
    try:
        return keys.fernet(secrets, PURPOSE).decrypt(stored.encode()).decode()
    except InvalidToken:
        return None
