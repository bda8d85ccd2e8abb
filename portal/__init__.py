"""MediCare Hub: a hospital's portal. `create_app` is the one place where the parts meet."""

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    FileSystemLoader,
    PackageLoader,
    select_autoescape,
)
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import (
    administration,
    appointments,
    audit_commands,
    database,
    documents,
    downtime,
    home,
    migrating,
    schedules,
    signin,
)
from portal.config import Settings
from portal.database import db, engine_options
from portal.fhir import commands as fhir_commands
from portal.patients import views as patients
from portal.shared_files import SharedFiles
from portal.web import (
    addresses,
    assets,
    error_pages,
    filters,
    guard,
    headers,
    health,
    navigation,
    request_log,
    submissions,
    uploads,
)
from portal.worker import commands as worker_commands

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
COMMANDS = (
    audit_commands.commands,
    fhir_commands.commands,
    migrating.commands,
    worker_commands.worker,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The portal as a WSGI application.

    Without `settings` they are read from the environment; raises `ConfigurationError` when that is
    incomplete.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask(__name__, static_folder=ROOT / "static", template_folder=ROOT / "templates")
    app.config.update(_flask_options(settings))
    app.extensions["settings"] = settings
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.extensions["shared_files"] = _shared_files(settings)
    _prepare_templates(app, settings)
    database.install(app)
    Migrate(app, db, directory=ROOT / "migrations")
    CSRFProtect(app)
    request_log.install(app)
    for part in (signin, headers, administration):
        part.install(app, settings)
    for feature in (
        *(health, home, patients, appointments, documents),
        *(schedules, administration, downtime),
    ):
        app.register_blueprint(feature.views)
    for command in COMMANDS:
        app.cli.add_command(command)
    for part in (addresses, assets, error_pages, filters, navigation, submissions, uploads, guard):
        part.install(app)
    return app


def _shared_files(settings: Settings) -> SharedFiles:
    shared = settings.shared_files
    store = SharedFiles(shared.path, seconds=shared.deadline_seconds)
    if settings.development:
        store.prepare()
    return store


def _flask_options(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "SESSION_COOKIE_NAME": "__Host-portal" if settings.secure_cookies else "portal",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": MEGABYTE,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _prepare_templates(app: Flask, settings: Settings) -> None:
    # NHS.UK frontend's macros ask options of options that nobody gave. They end in `.jinja`, which
    # Flask by itself would leave unescaped: what somebody typed would come out of them as HTML.
    app.jinja_options = {
        **app.jinja_options,
        "autoescape": select_autoescape(disabled_extensions=("txt",), default=True),
        "trim_blocks": True,
        "lstrip_blocks": True,
        "undefined": ChainableUndefined,
    }
    app.jinja_env.globals["hospital"] = settings.hospital
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(ROOT / "templates"), PackageLoader("nhsuk_frontend_jinja")]
    )
