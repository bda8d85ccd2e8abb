"""Sign-in at the OpenID provider, sessions as rows, signing out everywhere."""

import logging

from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.database import be_patient, db
from portal.errors import PortalError, Unavailable
from portal.settings.configuration import Settings
from portal.signin import provider, second_step
from portal.signin.kept_forms import views as kept_forms
from portal.signin.provider import views as provider_views
from portal.signin.second_step import views as second_step_views
from portal.signin.sessions import actions, leaving
from portal.signin.sessions import views as sessions
from portal.signin.sessions.rules import SignedIn
from portal.web import current, error_pages, proofs, uploads
from portal.web.pages import page_of

log = logging.getLogger("portal.signin")


def install(app: Flask, settings: Settings) -> None:
    login_manager = LoginManager(app)
    login_manager.session_protection = None
    login_manager.user_loader(_who_holds)
    app.after_request(_forget_who_leaves)
    provider.install(app, settings)
    second_step.install(app, settings)
    for room in (provider_views, second_step_views, sessions, kept_forms):
        app.register_blueprint(room.views)


def _who_holds(token: str) -> SignedIn | None:
    if error_pages.is_being_shown():
        return None
    mark = page_of(current_app.view_functions.get(request.endpoint or ""))
    without_records = mark is not None and mark.without_records
    if without_records:
        be_patient(0)
    try:
        return _asked_for(token)
    except (DBAPIError, PoolTimeout, Unavailable):
        if request.endpoint == sessions.SIGN_OUT:
            _leave_without_records(token)
            return None
        if not without_records:
            raise
        return _proven(token)


def _leave_without_records(token: str) -> None:
    """Signing out of a shared computer must work during an outage too."""
    db.session.rollback()
    try:
        leaving.note(uploads.store(), token, current.settings().secrets)
    except PortalError:
        log.error("a sign-out could not be noted: the session lives until it ends by itself")


def _forget_who_leaves(answer: Response) -> Response:
    """Signing out must remove the proof, even if the database is unavailable."""
    if request.endpoint in sessions.ENDS_THIS_SESSION:
        proofs.forget()
    return answer


def _asked_for(token: str) -> SignedIn | None:
    # Background requests of a script are not activity of a person.
    seen, now = request.endpoint != sessions.REMAINING, current.now()
    user = actions.resume(db.session(), token, now, seen=seen)
    if user is None:
        proofs.forget()
        # Commit now: the end of the session must be stored even if the request fails.
        db.session.commit()
    elif seen and not user.needs_second_step:
        proofs.renew(user.actor, ends_at=user.ends_at, now=now)
    return user


def _proven(token: str) -> SignedIn | None:
    db.session.rollback()
    proof = proofs.proven(current.now())
    if proof is None:
        return None
    g.proven = True
    by, ends_at = proof
    return SignedIn(token, by, ends_at, ends_at)
