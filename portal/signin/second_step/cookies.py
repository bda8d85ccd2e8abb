"""The encrypted cookie that is used while a person changes their second step."""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from portal.access import Actor
from portal.errors import Refused
from portal.signin.second_step.software_token import SetUpOver
from portal.web import current
from portal.web.sealing import seal, unseal

log = logging.getLogger("portal.signin")

AT_HAND = timedelta(minutes=10)
"""How long after signing in again a person may change their second step."""
LONGEST = 4000
"""In characters. Browsers silently drop cookies that are a little longer (RFC 6265, 6.1)."""
TOO_LONG = (
    "Your second step can't be changed here, because the sign-in service's answer is too long."
    " Nothing has changed. Please tell the hospital's IT team."
)


@dataclass(frozen=True, slots=True)
class SetUp:
    """The state between signing in again and changing the second step."""

    session_ref: str
    access_token: str
    until: int
    """In seconds since 1970."""
    key: str | None = None
    """The new app's key, once it was requested."""


def begin(answer: Response, access_token: str | None, by: Actor) -> None:
    """Stores in the cookie what the person who has just signed in needs to change their second step."""
    if access_token:
        until = int((current.now() + AT_HAND).timestamp())
        keep(answer, SetUp(str(by.session_ref), access_token, until), by)


def keep(answer: Response, found: SetUp, by: Actor) -> None:
    """Stores the cookie; raises `Refused` when it would be too long."""
    sealed = seal(json.dumps(asdict(found)), by=by)
    if len(sealed) > LONGEST:
        log.error("the access token is too long for a cookie: %d characters", len(sealed))
        raise Refused(TOO_LONG)
    answer.set_cookie(
        _cookie(),
        sealed,
        max_age=max(1, found.until - int(current.now().timestamp())),
        secure=current.settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def under_way(by: Actor) -> SetUp:
    """The cookie's content for this session. Raises `SetUpOver` when it has expired."""
    words = unseal(request.cookies.get(_cookie(), ""), by=by)
    found = SetUp(**json.loads(words)) if words else None
    if found is None or found.session_ref != by.session_ref:
        raise SetUpOver
    if current.now().timestamp() >= found.until:
        raise SetUpOver
    return found


def forget(answer: Response) -> None:
    answer.delete_cookie(
        _cookie(), secure=current.settings().secure_cookies, httponly=True, samesite="Lax"
    )


def _cookie() -> str:
    return "__Host-second-step" if current.settings().secure_cookies else "second-step"
