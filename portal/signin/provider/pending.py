"""Sign-ins in progress, stored in the browser's signed cookie, so that any instance can finish them."""

import secrets
from dataclasses import asdict, dataclass, fields
from typing import Any

KEY = "signing_in"
AT_ONCE = 5
"""How many tabs may sign in at the same time. The cookie has room for only a few."""
LIFETIME = 3600
"""Seconds for a sign-in at the provider, with choosing a password and setting up a second factor."""


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """The values to compare with the callback. `code_verifier` is for PKCE (RFC 7636)."""

    state: str
    nonce: str
    code_verifier: str
    next: str
    started_at: int
    for_second_step: bool = False
    """Whether the person signs in again to change their second step."""


_NAMES = {field.name for field in fields(PendingSignIn)}
_NEEDED = _NAMES - {"for_second_step"}


def start(
    cookie: Any,
    *,
    next: str,  # noqa: A002
    now: int,
    for_second_step: bool = False,
) -> PendingSignIn:
    """Adds a new sign-in to the cookie; replaces the oldest when there are too many."""
    pending = PendingSignIn(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        code_verifier=secrets.token_urlsafe(36),
        next=next,
        started_at=now,
        for_second_step=for_second_step,
    )
    kept = [*_kept(cookie, now), pending]
    cookie[KEY] = [asdict(one) for one in kept[-AT_ONCE:]]
    return pending


def take(cookie: Any, state: str, *, now: int) -> PendingSignIn | None:
    """Removes and returns the sign-in with this state; None if there is none."""
    kept = _kept(cookie, now)
    found = next((one for one in kept if one.state == state), None)
    cookie[KEY] = [asdict(one) for one in kept if one is not found]
    return found


def _kept(cookie: Any, now: int) -> list[PendingSignIn]:
    # Another release may have written the cookie.
    kept = [PendingSignIn(**one) for one in cookie.get(KEY, ()) if _NEEDED <= one.keys() <= _NAMES]
    return [one for one in kept if now - one.started_at < LIFETIME]
