"""Who somebody is: sign-in at the OpenID provider, sessions as rows, signing out everywhere."""

from flask import Flask, request
from flask_login import LoginManager

from portal.config import Settings
from portal.database import db
from portal.signin import coming_back, refusals, session_views, sessions
from portal.signin.provider import Provider
from portal.signin.views import CALLBACK, PROVIDER, views
from portal.web import current, error_pages


def install(app: Flask, settings: Settings) -> None:
    login_manager = LoginManager(app)
    login_manager.session_protection = None

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load_user(token: str) -> sessions.SignedIn | None:
        if error_pages.is_being_shown():
            return None
        # What a page asks on its own account is no sign of life of a person.
        seen = request.endpoint != session_views.REMAINING
        return sessions.resume(db.session(), token, current.now(), seen=seen)

    app.extensions[PROVIDER] = Provider(
        settings.sign_in, callback_url=settings.portal_url + CALLBACK
    )
    refusals.install(app)
    coming_back.install(app)
    app.register_blueprint(views)
