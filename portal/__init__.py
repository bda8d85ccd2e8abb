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
    database,
    downtime,
    home,
    signin,
)
from portal.access_log import views as access_log
from portal.administration.jobs import views as jobs
from portal.administration.sessions import views as others_sessions
from portal.administration.staff import views as staff
from portal.appointments.appointment_list import views as appointment_list
from portal.appointments.attendance import views as attendance
from portal.appointments.booking import views as booking
from portal.appointments.day_list import views as day_list
from portal.appointments.finding import views as finding
from portal.appointments.rebooking import views as rebooking
from portal.audit import commands as audit_commands
from portal.chart import views as chart
from portal.chart.death import views as death
from portal.database import db, engine_options, migrating
from portal.documents import views as document_list
from portal.documents.adding import views as adding
from portal.documents.files import views as files
from portal.documents.review import views as review
from portal.documents.withdrawing import views as withdrawing
from portal.emergency_access import views as emergency_access
from portal.fhir import commands as fhir_commands
from portal.notices import views as notices
from portal.patients.access import views as patient_access
from portal.patients.merging import views as merging
from portal.patients.registration import views as registration
from portal.patients.search import views as search
from portal.records.allergies import views as allergies
from portal.records.conditions import commands as record_commands
from portal.records.conditions import views as conditions
from portal.records.drafts import views as drafts
from portal.records.medications import views as medications
from portal.records.notes import views as notes
from portal.records.observations import views as observations
from portal.records.releasing import views as releasing
from portal.records.results import views as results
from portal.records.summary import views as record
from portal.records.versions import views as record_versions
from portal.schedules.absences import views as absences
from portal.schedules.clinics import views as clinics
from portal.schedules.exceptions import views as exceptions
from portal.schedules.extra_clinics import views as extra_clinics
from portal.schedules.practitioners import views as practitioners
from portal.schedules.weekly import views as weekly
from portal.settings.configuration import Settings
from portal.settings.hospital import FORM_BYTES
from portal.shared_files import SharedFiles
from portal.web import (
    addresses,
    assets,
    cookies,
    error_pages,
    filters,
    guard,
    headers,
    health,
    hosts,
    kept_page,
    navigation,
    request_log,
    seen,
    submissions,
    uploads,
)
from portal.worker import commands as worker_commands

ROOT = Path(__file__).resolve().parent.parent
APPOINTMENTS = (appointment_list, finding, booking, attendance, day_list, rebooking)
DOCUMENTS = (document_list, adding, files, withdrawing, review)
RECORD = (
    *(record, allergies, conditions, medications, observations, results, releasing),
    *(notes, drafts, record_versions),
)
SCHEDULES = (clinics, practitioners, weekly, exceptions, absences, extra_clinics)
PATIENTS = (search, registration, patient_access, merging, death)
ACCESS = (emergency_access, access_log)
FEATURES = (
    *(health, kept_page, home, chart, *APPOINTMENTS, *PATIENTS, *RECORD, staff),
    *(*ACCESS, *SCHEDULES),
    *(*DOCUMENTS, notices, jobs, others_sessions, downtime),
)
"""The order of their entries in the menu."""
COMMANDS = (
    audit_commands.commands,
    fhir_commands.commands,
    migrating.commands,
    record_commands.commands,
    worker_commands.worker,
)
PARTS = (addresses, assets, error_pages, filters, navigation, seen, submissions, uploads, guard)
"""Of the web, in the order in which they are put in; the guard is last."""


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
        # Not the host: load balancers pass on the name that was asked for, and this header as it came.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.extensions["shared_files"] = _shared_files(settings)
    _prepare_templates(app, settings)
    database.install(app)
    Migrate(app, db, directory=ROOT / "migrations")
    CSRFProtect(app)
    request_log.install(app)
    for part in (hosts, cookies, signin, headers, staff):
        part.install(app, settings)
    for feature in FEATURES:
        app.register_blueprint(feature.views)
    for command in COMMANDS:
        app.cli.add_command(command)
    for part in PARTS:
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
        "MAX_CONTENT_LENGTH": FORM_BYTES,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _prepare_templates(app: Flask, settings: Settings) -> None:
    # NHS.UK frontend's macros read options of undefined options, hence ChainableUndefined. Their
    # files end in `.jinja`, which Flask does not escape by default: typed text would become HTML.
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
