"""Sign-ins under way, in the browser's signed cookie: any instance can finish what another began."""

import secrets
from dataclasses import asdict, dataclass, fields
from typing import Any

from authlib.common.security import generate_token

KEY = "signing_in"
AT_ONCE = 5
"""So many tabs may be signing in; the cookie has room for no more than a few."""
LIFETIME = 3600
"""Seconds for choosing a password and setting up a second factor at the provider."""


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """What must come back unchanged. `code_verifier` is for PKCE (RFC 7636)."""

    state: str
    nonce: str
    code_verifier: str
    next: str
    started_at: int
    for_second_step: bool = False
    """Somebody signs in anew to change their second step."""


_NAMES = {field.name for field in fields(PendingSignIn)}
_NEEDED = _NAMES - {"for_second_step"}


def start(
    cookie: Any,
    *,
    next: str,  # noqa: A002
    now: int,
    for_second_step: bool = False,
) -> PendingSignIn:
    """Notes a new sign-in in the cookie; the oldest gives way when there are too many."""
    pending = PendingSignIn(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        code_verifier=generate_token(48),
        next=next,
        started_at=now,
        for_second_step=for_second_step,
    )
    kept = [*_kept(cookie, now), pending]
    cookie[KEY] = [asdict(one) for one in kept[-AT_ONCE:]]
    return pending


def take(cookie: Any, state: str, *, now: int) -> PendingSignIn | None:
    """The sign-in with this state, which can't be taken again; None when there is none."""
    kept = _kept(cookie, now)
    found = next((one for one in kept if one.state == state), None)
    cookie[KEY] = [asdict(one) for one in kept if one is not found]
    return found


def _kept(cookie: Any, now: int) -> list[PendingSignIn]:
    # Another release may have written the cookie.
    kept = [PendingSignIn(**one) for one in cookie.get(KEY, ()) if _NEEDED <= one.keys() <= _NAMES]
    return [one for one in kept if now - one.started_at < LIFETIME]
