"""Who somebody is: sign-in at the OpenID provider, sessions as rows, signing out everywhere."""

from flask import Flask, Response, g, request
from flask_login import LoginManager
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.config import Settings
from portal.database import be_patient, db
from portal.errors import SecondStepNeeded, Unavailable
from portal.signin import (
    coming_back,
    refusals,
    second_step,
    second_step_views,
    session_views,
    sessions,
)
from portal.signin.provider import Provider
from portal.signin.views import CALLBACK, PROVIDER, views
from portal.web import current, error_pages, proofs
from portal.web.proofs import works_without_records


def install(app: Flask, settings: Settings) -> None:
    login_manager = LoginManager(app)
    login_manager.session_protection = None

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load_user(token: str) -> sessions.SignedIn | None:
        if error_pages.is_being_shown():
            return None
        without_records = works_without_records(app.view_functions.get(request.endpoint or ""))
        if without_records:
            be_patient(0)
        try:
            return _asked_for(token)
        except (DBAPIError, PoolTimeout, Unavailable):
            if not without_records:
                raise
            return _proven(token)

    @app.after_request
    def forget_who_leaves(answer: Response) -> Response:
        """Whoever asks to be signed out is not believed to be here, whatever the database can do."""
        if request.endpoint in session_views.ENDS_THIS_SESSION:
            proofs.forget()
        return answer

    app.extensions[PROVIDER] = Provider(
        settings.sign_in, callback_url=settings.portal_url + CALLBACK
    )
    refusals.install(app)
    coming_back.install(app)
    second_step.install(app, settings)
    app.register_error_handler(SecondStepNeeded, second_step_views.send_there)
    app.register_blueprint(views)


def _asked_for(token: str) -> sessions.SignedIn | None:
    # What a page asks on its own account is no sign of life of a person.
    seen, now = request.endpoint != session_views.REMAINING, current.now()
    user = sessions.resume(db.session(), token, now, seen=seen)
    if user is None:
        proofs.forget()
    elif seen and not user.needs_second_step:
        proofs.renew(user.actor, ends_at=user.ends_at, now=now)
    return user


def _proven(token: str) -> sessions.SignedIn | None:
    db.session.rollback()
    proof = proofs.proven(current.now())
    if proof is None:
        return None
    g.proven = True
    by, ends_at = proof
    return sessions.SignedIn(token, by, ends_at, ends_at)
