"""Signed values stay valid when the clocks of two instances differ a little.

Without this, a request to an instance with a slower clock would sign the person out. CSRF tokens have no age
of their own; they are compared with the session.
"""

from typing import Any

from itsdangerous import SignatureExpired, TimestampSigner

AHEAD = 90
"""How many seconds in the future the time of a signature may be."""


def is_recent(age: float, longest: float) -> bool:
    """Whether a value signed `age` seconds ago is valid when it may be `longest` seconds old."""
    return -AHEAD <= age <= longest


class TolerantSigner(TimestampSigner):
    """Rejects signatures that are too old, or too far in the future."""

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        value, at = super().unsign(signed_value, return_timestamp=True)
        age = self.get_timestamp() - int(at.timestamp())
        if max_age is not None and not is_recent(age, max_age):
            raise SignatureExpired(f"signed {age} seconds ago", payload=value, date_signed=at)
        return (value, at) if return_timestamp else value
