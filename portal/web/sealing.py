"""Words that a page's address must carry and nobody may read: no name stands in a log or a history.

Sealed with Fernet under a key of the portal's own, bound to the person they were sealed for.
"""

import base64
import hmac
from datetime import timedelta
from functools import cache

from cryptography.fernet import Fernet, InvalidToken

from portal.access import Actor
from portal.web import current

LIFETIME = timedelta(hours=12)


def seal(words: str, *, by: Actor) -> str:
    """The words as text for an address that only `by` can open again."""
    return _fernet().encrypt(f"{by.ref} {words}".encode()).decode()


def unseal(sealed: str, *, by: Actor) -> str | None:
    """The words; None when it is not a seal of ours, is another person's, or too old."""
    try:
        opened = _fernet().decrypt(sealed.encode(), ttl=int(LIFETIME.total_seconds()))
    except (InvalidToken, UnicodeEncodeError):
        return None
    ref, _, words = opened.decode().partition(" ")
    return words if ref == by.ref else None


def _fernet() -> Fernet:
    return _fernet_of(current.settings().secret_key)


@cache
def _fernet_of(secret_key: str) -> Fernet:
    key = hmac.digest(secret_key.encode(), b"sealed words in addresses", "sha256")
    return Fernet(base64.urlsafe_b64encode(key))
