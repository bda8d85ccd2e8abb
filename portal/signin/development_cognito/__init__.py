"""A small Cognito-shaped OpenID provider on loopback, for development and tests.

It is a Flask application of its own, started beside the portal. It asks nobody for a password, so
it refuses to start outside development and to listen on anything but loopback.
"""

import secrets
from pathlib import Path

from flask import Flask
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader
from werkzeug.exceptions import HTTPException

from portal.signin.development_cognito.authorization import (
    attach_authorization_server,
)
from portal.signin.development_cognito.development_views import SWITCH, Availability, development
from portal.signin.development_cognito.discovery_views import discovery
from portal.signin.development_cognito.guard import guard
from portal.signin.development_cognito.hosted_views import hosted
from portal.signin.development_cognito.identity_api import identity_api
from portal.signin.development_cognito.pool import UserPool
from portal.signin.development_cognito.refusals import refuse_by_code
from portal.signin.development_cognito.settings import (
    DevelopmentCognitoSettings,
    refuse_unless_development_on_loopback,
)
from portal.signin.development_cognito.state import KeptState
from portal.signin.development_cognito.token_views import tokens

PROJECT = Path(__file__).resolve().parents[3]


def create_development_cognito(settings: DevelopmentCognitoSettings) -> Flask:
    """The provider as a Flask application. Raises RefusedToStart outside development."""
    refuse_unless_development_on_loopback(settings)
    app = Flask(__name__, static_folder=str(PROJECT / "static"))
    app.jinja_options = {"undefined": ChainableUndefined, "autoescape": True}
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(PROJECT / "templates"), PackageLoader("nhsuk_frontend_jinja")]
    )
    state = KeptState(settings.state_file)
    app.config.update(
        SECRET_KEY=_session_secret(state),
        # Cookies are shared by all ports of a host: this name must not be the portal's.
        SESSION_COOKIE_NAME="development_cognito",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1_000_000,
    )
    pool = UserPool(settings, state)
    pool.attach(app)
    attach_authorization_server(app, pool)
    availability = app.extensions[SWITCH] = Availability()
    guard(app, settings)
    app.before_request(availability.refuse_while_away)
    app.register_error_handler(HTTPException, refuse_by_code)
    for blueprint in (discovery, hosted, tokens, development, identity_api):
        app.register_blueprint(blueprint)
    return app


def _session_secret(state: KeptState) -> str:
    if not state.get("session_secret"):
        state.keep("session_secret", secrets.token_urlsafe(32))
    return str(state.get("session_secret"))
