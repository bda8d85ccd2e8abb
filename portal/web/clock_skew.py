"""Clocks of two instances differ a little: what one has just signed is valid at the other, too.

Without this, somebody whose next request goes to an instance with a slower clock would be signed
out. Forms' tokens have no age of their own; they are compared with what is in the session.
"""

from typing import Any

from itsdangerous import SignatureExpired, TimestampSigner

AHEAD = 90
"""By how many seconds something may have been signed after our own time."""


def is_recent(age: float, longest: float) -> bool:
    """Whether what was signed `age` seconds ago is still valid, for `longest` seconds."""
    return -AHEAD <= age <= longest


class TolerantSigner(TimestampSigner):
    """Refuses what is too old, or from further ahead than clocks differ."""

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        value, at = super().unsign(signed_value, return_timestamp=True)
        age = self.get_timestamp() - int(at.timestamp())
        if max_age is not None and not is_recent(age, max_age):
            raise SignatureExpired(f"signed {age} seconds ago", payload=value, date_signed=at)
        return (value, at) if return_timestamp else value
