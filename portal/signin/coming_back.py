"""Somebody who has to sign in first comes back to the page they wanted, or to the form they sent."""

from datetime import timedelta

from flask import Flask, current_app, redirect, render_template, request, session, url_for
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.database import db
from portal.errors import NotSignedIn, Unavailable
from portal.signin import kept_forms
from portal.signin.views import EXPIRED, account_id_of, remember, views
from portal.web import current
from portal.web.error_pages import Answer, unavailable
from portal.web.guard import deed, is_secret
from portal.web.second_try import again_when_lost
from portal.web.submissions import key_of_request
from portal.web.waiting_pages import form_of_request

AT_ONCE = timedelta(minutes=30)
"""Who comes back later is asked before the form is sent: they may have done it otherwise by then."""


def install(app: Flask) -> None:
    app.register_error_handler(NotSignedIn, _sign_in_first)


def _sign_in_first(_: NotSignedIn) -> Answer:
    try:
        wanted = _wanted()
    except (DBAPIError, PoolTimeout, Unavailable) as fault:
        return unavailable(fault)
    # The cookie of somebody who was signed in says more than that nobody is.
    was_here = "_user_id" in session or (EXPIRED in session and request.method == "POST")
    page = "signin.session_ended" if was_here else "signin.sign_in"
    return redirect(url_for(page, next=wanted))


def _wanted() -> str | None:
    if request.method == "GET":
        return request.full_path.rstrip("?")
    ref = again_when_lost(_keep)
    return ref and url_for("signin.kept_form", kept_ref=ref)


def _keep() -> str | None:
    """Only a form with its submission key: what is not bound to one does nothing worth keeping."""
    sent, token = form_of_request(), session.get("_user_id") or session.get(EXPIRED)
    view = current_app.view_functions[request.endpoint or ""]
    if sent is None or token is None or key_of_request() is None or is_secret(view):
        return None
    ref = kept_forms.keep(
        db.session(), token=token, action=sent.action, fields=sent.fields, now=current.now()
    )
    db.session.commit()
    return ref


@views.get("/kept-forms/<string(length=20):kept_ref>")
@deed(Deed.SEND_KEPT_FORM)
def kept_form(kept_ref: str) -> Response | str:
    by, now = current.actor(), current.now()
    kept = kept_forms.find(db.session(), account_id=account_id_of(by), ref=kept_ref, now=now)
    remember(Deed.SEND_KEPT_FORM, by)
    at_once = now - kept.at < AT_ONCE
    return render_template("signin/kept_form.html", sent=kept, at_once=at_once)
