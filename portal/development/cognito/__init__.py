"""A small Cognito-shaped OpenID provider on loopback, for development and tests.

It is a separate Flask application beside the portal. It asks for no password, so it starts only
in development and listens only on loopback.
"""

import secrets
from pathlib import Path

from flask import Flask
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader
from werkzeug.exceptions import HTTPException

from portal.development.cognito.authorization import attach_authorization_server
from portal.development.cognito.development_views import SWITCH, Availability, development
from portal.development.cognito.discovery_views import discovery
from portal.development.cognito.guard import guard
from portal.development.cognito.hosted_views import hosted
from portal.development.cognito.identity_api import identity_api
from portal.development.cognito.pool import UserPool
from portal.development.cognito.refusals import refuse_by_code
from portal.development.cognito.settings import (
    DevelopmentCognitoSettings,
    refuse_unless_development_on_loopback,
)
from portal.development.cognito.state import KeptState
from portal.development.cognito.token_views import tokens

HERE = Path(__file__).resolve().parent
STATIC = HERE.parents[2] / "static"


def create_development_cognito(settings: DevelopmentCognitoSettings) -> Flask:
    """The provider as a Flask application. Raises RefusedToStart outside development."""
    refuse_unless_development_on_loopback(settings)
    app = Flask(__name__, static_folder=str(STATIC))
    app.jinja_options = {"undefined": ChainableUndefined, "autoescape": True}
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(HERE / "templates"), PackageLoader("nhsuk_frontend_jinja")]
    )
    state = KeptState(settings.state_file)
    app.config.update(
        SECRET_KEY=_session_secret(state),
        # All ports of a host share cookies, so this name must not be the portal's.
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
