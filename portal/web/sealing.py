"""Encrypts text for page addresses, so that no name gets into a log or a browser's history.

It is encrypted with Fernet and the portal's own key, for one person.
"""

import time
from datetime import timedelta

from cryptography.fernet import InvalidToken, MultiFernet

from portal.access import Actor
from portal.settings import keys
from portal.web import current
from portal.web.clock_skew import is_recent

LIFETIME = timedelta(hours=12)


def seal(words: str, *, by: Actor) -> str:
    """The encrypted text; only `by` can decrypt it."""
    return _fernet().encrypt(f"{by.ref} {words}".encode()).decode()


def unseal(sealed: str, *, by: Actor) -> str | None:
    """The text; None if it is invalid, another person's, or too old."""
    try:
        token = sealed.encode()
        opened, at = _fernet().decrypt(token), _fernet().extract_timestamp(token)
    except (InvalidToken, UnicodeEncodeError):
        return None
    if not is_recent(time.time() - at, LIFETIME.total_seconds()):
        return None
    ref, _, words = opened.decode().partition(" ")
    return words if ref == by.ref else None


def _fernet() -> MultiFernet:
    return keys.fernet(current.settings().secrets, "sealed words in addresses")
