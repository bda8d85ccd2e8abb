"""Who somebody is: sign-in at the OpenID provider, sessions as rows, signing out everywhere."""

from flask import Flask
from flask_login import LoginManager

from portal.config import Settings
from portal.database import db
from portal.signin import sessions
from portal.signin.views import views
from portal.web import current


def install(app: Flask, settings: Settings) -> None:  # noqa: ARG001
    login_manager = LoginManager(app)
    login_manager.session_protection = None

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load_user(token: str) -> sessions.SignedIn | None:
        return sessions.resume(db.session(), token, current.now())

    app.register_blueprint(views)
