"""A person's own sessions: the list, ending one or all, staying signed in, signing out."""

from typing import cast

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.database import db
from portal.signin import own_account
from portal.signin.provider import provider_here
from portal.signin.provider.return_path import local_path
from portal.signin.provider.views import start_url
from portal.signin.sessions import actions, queries
from portal.signin.sessions.rules import SignedIn
from portal.web import current
from portal.web.filters import seconds_until
from portal.web.form_pages import done
from portal.web.pages import PUBLIC, page

EXPIRED = "expired"
"""Cookie key: the token of an expired session, for a form that is sent late."""
REMAINING = "sessions.remaining"
SIGN_OUT = "sessions.sign_out"
ENDS_THIS_SESSION = frozenset({SIGN_OUT, "sessions.end_all"})

views = Blueprint("sessions", __name__)


@views.get("/sign-ins")
@page(Deed.SEE_OWN_SESSIONS)
def own_sessions() -> str:
    context = current.context()
    found = queries.live(context)
    own_account.remember(context, Deed.SEE_OWN_SESSIONS)
    this = context.by.session_ref
    return render_template("signin/sessions/own_sessions.html", sessions=found, this=this)


@views.post("/sign-ins/<string(length=20):session_ref>/end")
@page(Deed.END_OWN_SESSIONS)
def end_one(session_ref: str) -> Response:
    actions.end_one(current.context(), session_ref)
    return done("You are signed out there.", ".own_sessions")


@views.post("/sign-ins/end-all")
@page(Deed.END_OWN_SESSIONS, repeatable=True)
def end_all() -> Response | str:
    return _leave(actions.end_all(current.context()))


@views.post("/sign-out")
@page(PUBLIC, repeatable=True)
def sign_out() -> Response | str:
    """Ends the session here, then the provider's own.

    During an outage of the database, the cookie is cleared now and the worker ends the session later.
    """
    if not current_user.is_authenticated:
        return _leave(None)
    return _leave(actions.sign_out(current.context()))


@views.get("/signed-out")
@page(PUBLIC)
def signed_out() -> str:
    return render_template("signin/sessions/signed_out.html", start_url=start_url(None))


@views.get("/session-ended")
@page(PUBLIC)
def session_ended() -> Response | str:
    wanted = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or url_for("home.home"))
    if token := session.get("_user_id"):
        # Another tab may send a form later.
        session[EXPIRED] = token
    logout_user()
    return render_template("signin/sessions/session_ended.html", start_url=start_url(wanted))


@views.get("/session/remaining")
@page(PUBLIC)
def remaining() -> dict[str, int | bool]:
    """Seconds until the session expires, 0 without a session. This request does not prolong it.

    `final`: the session can't be prolonged, because the absolute limit is near.
    """
    if not current_user.is_authenticated:
        return {"seconds": 0, "final": True}
    user = cast("SignedIn", current_user)
    return {"seconds": seconds_until(user.ends_at), "final": user.is_final}


@views.post("/session/stay")
@page(PUBLIC, repeatable=True)
def stay() -> dict[str, int | bool]:
    """Prolongs the session up to its absolute limit. Returns the same as `remaining`."""
    if current_user.is_authenticated:
        current_user.ends_at = actions.stay(current.context())
    return remaining()


def _leave(hint: str | None) -> Response | str:
    """Commits, then sends the browser to the provider's logout and back.

    A page with a link instead of a redirect: browsers apply `form-action` to redirects after a form, and the
    hosts of the provider's logout are not known in advance.
    """
    # Commit now, so that no transaction is open if the provider is slow.
    db.session.commit()
    logout_user()
    session.clear()
    back = current.settings().portal_url + url_for(".signed_out")
    url = provider_here().logout_url(hint=hint, return_to=back)
    if url is None:
        return redirect(url_for(".signed_out"), code=303)
    return render_template("signin/sessions/leaving.html", url=url)
