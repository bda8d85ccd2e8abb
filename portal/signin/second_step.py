"""The second step at sign-in: who lacks it, and the access token while somebody sets it up.

Only Cognito's second step is looked after here; another make of provider has pages of its own.
"""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import cast

from flask import Flask, current_app, request
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.access import STAFF, Actor
from portal.config import Settings
from portal.errors import Refused, Unavailable
from portal.models import SignInSession
from portal.signin.person import Person
from portal.signin.refusals import SECOND_STEP_UNKNOWN, SignInRefused
from portal.signin.software_token import SetUpOver, SoftwareTokens
from portal.web import current
from portal.web.sealing import seal, unseal

log = logging.getLogger("portal.signin")

TOKENS = "software_tokens"
AT_HAND = timedelta(minutes=10)
"""For so long after signing in for it somebody may change their second step."""
LONGEST = 4000
"""In characters. Browsers drop a cookie that is hardly longer, and say nothing (RFC 6265, 6.1)."""
TOO_LONG = (
    "Your second step can't be changed here: what the sign-in service says about you is too long."
    " Nothing has changed. Please tell the hospital's IT team."
)


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a browser carries, sealed, from signing in for it until the second step is changed."""

    session_ref: str
    access_token: str
    until: int
    """In seconds since 1970."""
    key: str | None = None
    """The new app's, once it was asked for."""


def install(app: Flask, settings: Settings) -> None:
    tokens = None
    if settings.sign_in.cognito and settings.user_pool_id:
        tokens = SoftwareTokens(settings.user_pool_id, settings.user_pool_endpoint)
    app.extensions[TOKENS] = tokens
    app.jinja_env.globals["has_second_step"] = tokens is not None


def tokens_here() -> SoftwareTokens | None:
    """None where the second step is not the portal's affair."""
    return cast("SoftwareTokens | None", current_app.extensions[TOKENS])


def lacks(person: Person) -> bool:
    """Whether somebody who signs in as staff has no second step. Raises `SignInRefused` in doubt."""
    tokens = tokens_here()
    if tokens is None or not person.roles & STAFF:
        return False
    try:
        return not tokens.is_set_up(person.username or person.subject)
    except Unavailable:
        raise SignInRefused(
            "the provider did not say whether there is a second step", SECOND_STEP_UNKNOWN, 503
        ) from None


def lift(session: Session, session_ref: str) -> None:
    """This session opens everything again. Others began with the password alone, so they stay closed."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.ref == session_ref)
        .values(needs_second_step=False)
        .execution_options(synchronize_session=False)
    )


def begin(answer: Response, access_token: str | None, by: Actor) -> None:
    """Gives the browser what it needs to change the second step of whoever has just signed in."""
    if access_token:
        until = int((current.now() + AT_HAND).timestamp())
        keep(answer, SetUp(str(by.session_ref), access_token, until), by)


def keep(answer: Response, found: SetUp, by: Actor) -> None:
    """Raises `Refused` when it would not fit into a cookie."""
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
    """What this browser carries for this very session; raises `SetUpOver` when it is too late."""
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
