"""After signing in, people return to the page that they asked for, or to the form that they sent."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.database import db
from portal.errors import NotFound, NotSignedIn, Unavailable
from portal.signin import own_account
from portal.signin.kept_forms import actions, queries, rules
from portal.signin.sessions.views import EXPIRED
from portal.web import current
from portal.web.error_pages import Answer, unavailable
from portal.web.pages import mark_of, page
from portal.web.second_try import again_when_lost
from portal.web.submissions import key_of_request
from portal.web.waiting_pages import form_of_request

NEVER_KEPT = frozenset(
    {
        *(Deed.MANAGE_STAFF, Deed.CHANGE_PROXIES, Deed.HAND_OUT_CODE, Deed.CLAIM_RECORD),
        *(Deed.MERGE_PATIENTS, Deed.BREAK_GLASS, Deed.TURN_OFF_SECOND_STEP),
    }
)
"""Forms that give access or can't easily be undone are not stored."""

views = Blueprint("kept_forms", __name__)


@views.get("/kept-forms/<string(length=20):kept_ref>")
@page(Deed.SEND_KEPT_FORM)
def kept_form(kept_ref: str) -> Response | str:
    """Shows the form's content. It is never sent before its owner has seen it."""
    if kept_ref not in session.get(rules.BROWSERS_OWN, ()):
        raise NotFound
    context = current.context()
    kept = queries.kept_form(context, kept_ref)
    own_account.remember(context, Deed.SEND_KEPT_FORM)
    return render_template(
        "signin/kept_forms/kept_form.html",
        sent=kept,
        deed=_deed_of(kept.action),
        shown=rules.shown_then(kept.fields),
        typed=rules.typed_in(kept.fields),
    )


def _deed_of(action: str) -> str:
    """What the form does, in a few words."""
    endpoint, _ = current_app.url_map.bind("").match(urlsplit(action).path, method="POST")
    deed = mark_of(current_app.view_functions[endpoint]).deed
    return deed.value if deed else ""


@views.app_errorhandler(NotSignedIn)
def sign_in_first(_: NotSignedIn) -> Answer:
    try:
        wanted = _wanted()
    except (DBAPIError, PoolTimeout, Unavailable) as fault:
        return unavailable(fault)
    # The cookie shows whether this browser was signed in before.
    was_here = "_user_id" in session or (EXPIRED in session and request.method == "POST")
    endpoint = "sessions.session_ended" if was_here else "provider.sign_in"
    return redirect(url_for(endpoint, next=wanted))


def _wanted() -> str | None:
    if request.method == "GET":
        return request.full_path.rstrip("?")
    ref = again_when_lost(_keep)
    return ref and url_for("kept_forms.kept_form", kept_ref=ref)


def _keep() -> str | None:
    """Stores only forms with a submission key; others change nothing important."""
    sent, token = form_of_request(), session.get("_user_id") or session.get(EXPIRED)
    view = current_app.view_functions[request.endpoint or ""]
    mark = mark_of(view)
    if sent is None or token is None or key_of_request() is None:
        return None
    if mark.secret or mark.deed in NEVER_KEPT:
        return None
    ref = actions.keep(
        db.session(), token=token, action=sent.action, fields=sent.fields, now=current.now()
    )
    # Commit here: nobody was signed in, so the guard has rolled its transaction back.
    db.session.commit()
    if ref:
        session[rules.BROWSERS_OWN] = [*session.get(rules.BROWSERS_OWN, ()), ref][-rules.AT_MOST :]
    return ref
