"""One's own sessions: the list, ending one or all of them, staying signed in."""

from typing import cast

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import sign_in_sessions
from portal.access import Deed
from portal.database import db
from portal.errors import NotFound
from portal.signin import own_sessions, sessions
from portal.signin.views import account_id_of, leave, remember, views
from portal.web import current
from portal.web.filters import seconds_until
from portal.web.guard import deed, public
from portal.web.submissions import repeatable

REMAINING = "signin.remaining"


@views.get("/sign-ins", endpoint="own_sessions")
@deed(Deed.SEE_OWN_SESSIONS)
def list_own_sessions() -> str:
    by = current.actor()
    found = own_sessions.live(db.session(), account_id_of(by), current.now())
    remember(Deed.SEE_OWN_SESSIONS, by)
    return render_template("signin/own_sessions.html", sessions=found, this=by.session_ref)


@views.post("/sign-ins/<string(length=20):session_ref>/end")
@deed(Deed.END_OWN_SESSIONS)
def end_one(session_ref: str) -> Response:
    by = current.actor()
    if not sign_in_sessions.end(db.session(), account_id_of(by), current.now(), ref=session_ref):
        raise NotFound
    remember(Deed.END_OWN_SESSIONS, by)
    flash("You are signed out there.")
    return redirect(url_for("signin.own_sessions"), code=303)


ENDS_THIS_SESSION = frozenset({"signin.sign_out", "signin.end_all"})


@views.post("/sign-ins/end-all")
@deed(Deed.END_OWN_SESSIONS)
@repeatable
def end_all() -> Response | str:
    by = current.actor()
    hint = own_sessions.id_token_of(db.session(), str(by.session_ref))
    sign_in_sessions.end(db.session(), account_id_of(by), current.now())
    remember(Deed.END_OWN_SESSIONS, by)
    return leave(hint)


@views.get("/session/remaining")
@public
def remaining() -> dict[str, int | bool]:
    """Seconds until the session ends by itself, 0 when there is none. Asking does not prolong it.

    `final` says that staying is not possible: the absolute limit is near.
    """
    if not current_user.is_authenticated:
        return {"seconds": 0, "final": True}
    user = cast("sessions.SignedIn", current_user)
    return {"seconds": seconds_until(user.ends_at), "final": user.is_final}


@views.post("/session/stay")
@public
@repeatable
def stay() -> dict[str, int | bool]:
    """Prolongs the session as far as its absolute limit; answers as `remaining` does."""
    if current_user.is_authenticated:
        ref, now = str(current.actor().session_ref), current.now()
        current_user.ends_at = sessions.stay(db.session(), ref, now)
    return remaining()
