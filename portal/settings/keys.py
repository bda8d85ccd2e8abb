"""Keys for each purpose, derived from `SECRET_KEY` and its former values."""

import base64
import hmac
from collections.abc import Sequence
from functools import cache

from cryptography.fernet import Fernet, MultiFernet


def fernet(secrets: Sequence[str], purpose: str) -> MultiFernet:
    """A Fernet that encrypts with the first of the secrets, and decrypts with any of them."""
    return _fernet(tuple(secrets), purpose)


@cache
def _fernet(secrets: tuple[str, ...], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(secret, purpose)) for secret in secrets])


def _derived(secret: str, purpose: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), purpose.encode(), "sha256"))
