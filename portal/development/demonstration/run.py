"""`make run`: start the demonstration and serve it until Ctrl-C."""

import argparse
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from alembic import command
from alembic.util import CommandError
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal import ROOT, create_app
from portal.database import db
from portal.development.cognito.settings import DEVELOPMENT_POOL_ID
from portal.development.demonstration import documents, farewell, hospital, record
from portal.development.demonstration.ports import CannotStart, refuse_taken_port
from portal.development.demonstration.processes import ChildEnded, Children
from portal.development.demonstration.surroundings import Surroundings, claim
from portal.records.conditions import codes
from portal.records.conditions.icd_10_cm import all_codes
from portal.settings.configuration import Settings
from portal.shared_files import SharedFiles

WORKERS, THREADS = "1", "4"
"""Enough for a few people, and as much as SQLite can use."""


def main() -> None:
    """Runs until told to end; exits with the reason when it can't start or a part has ended."""
    surroundings = surroundings_from(sys.argv[1:])
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with claim(surroundings.folder):
            run(surroundings)
    except (CannotStart, ChildEnded) as reason:
        sys.exit(f"\n{reason}")
    except KeyboardInterrupt:
        print("\nStopped. The data is kept: `make run` goes on with it.", flush=True)
        # Taking down all that was imported would take another half second.
        os._exit(0)


def run(surroundings: Surroundings) -> None:
    """Prepares the hospital, starts everything, and watches it; raises when a part ends."""
    refuse_taken_port(surroundings.port, "PORT")
    refuse_taken_port(surroundings.sign_in_port, "SIGN_IN_PORT")
    surroundings.choose_zone(datetime.now(UTC))
    surroundings.write_environment_file()
    code = prepare_hospital(surroundings, datetime.now(UTC))
    with Children(ROOT) as children:
        start(children, surroundings)
        print(farewell.text(surroundings, code), flush=True)
        children.watch()


def prepare_hospital(surroundings: Surroundings, now: datetime) -> str | None:
    """Migrates the database, fills it if it is empty, and brings it up to today.

    Returns the one-time code for the person who has no record yet, if there is one.
    """
    print("Preparing the database", flush=True)
    settings = Settings.from_environment(surroundings.environment(os.environ))
    app = create_app(settings)
    with app.app_context():
        _migrate(app, surroundings)
        session = db.session()
        _bring_up_to(session, settings, surroundings, app.extensions["shared_files"], now)
        hospital.follow_sign_in(session, surroundings.issuer)
        code = hospital.hand_out_code(session, settings, now)
        session.commit()
        db.engine.dispose()
    app.extensions["shared_files"].close()
    surroundings.last_day.write_text(settings.hospital.today(now).isoformat())
    return code


def _migrate(app: Flask, surroundings: Surroundings) -> None:
    # Flask-Migrate's own upgrade() ends the process on an error, without saying what to do.
    config = app.extensions["migrate"].migrate.get_config()
    try:
        command.upgrade(config, "head")
    except (CommandError, SQLAlchemyError) as error:
        raise CannotStart(
            f"The data in {surroundings.folder} can't be brought to this version ({error})."
            f" To begin afresh: rm -r {surroundings.folder}"
        ) from error


def _bring_up_to(
    session: Session,
    settings: Settings,
    surroundings: Surroundings,
    store: SharedFiles,
    now: datetime,
) -> None:
    today = settings.hospital.today(now).isoformat()
    if hospital.is_empty(session):
        print("Filling the demonstration hospital (about a minute)", flush=True)
        hospital.load(session, settings, now)
        documents.add_documents(session, store, settings.hospital, now)
        record.add_records(session, settings.hospital, now)
        print("Loading the problem codes", flush=True)
        codes.load(session, all_codes())
    elif not surroundings.last_day.exists() or surroundings.last_day.read_text() != today:
        print("A new day: completing the past and filling the weeks ahead", flush=True)
        hospital.go_on(session, settings, now)


def start(children: Children, surroundings: Surroundings) -> None:
    """Starts the sign-in, the portal and the worker, and waits until the first two answer."""
    print("Starting the sign-in and the portal", flush=True)
    environment = surroundings.environment(os.environ)
    sign_in = children.start(
        "The development sign-in",
        [
            *(sys.executable, "-m", "portal.development.cognito"),
            *("--port", str(surroundings.sign_in_port)),
            *("--portal-url", surroundings.portal_url),
            *("--state", str(surroundings.sign_in_state)),
        ],
        environment,
        surroundings.log("sign-in"),
    )
    portal = children.start(
        "The portal",
        [sys.executable, "-m", "gunicorn", "wsgi:app"],
        {
            **environment,
            "GUNICORN_BIND": f"127.0.0.1:{surroundings.port}",
            "GUNICORN_WORKERS": WORKERS,
            "GUNICORN_THREADS": THREADS,
            # A browser that keeps its connection open must not delay the end.
            "GUNICORN_GRACEFUL_SECONDS": "1",
        },
        surroundings.log("portal"),
    )
    children.start(
        "The worker",
        [sys.executable, "-m", "portal.worker"],
        environment,
        surroundings.log("worker"),
    )
    configuration = f"/{DEVELOPMENT_POOL_ID}/.well-known/openid-configuration"
    sign_in.wait_until_it_answers(surroundings.sign_in_port, configuration)
    portal.wait_until_it_answers(surroundings.port, "/health/live")


def surroundings_from(arguments: list[str]) -> Surroundings:
    """What a command line and the environment (PORT, SIGN_IN_PORT) ask for."""
    parser = argparse.ArgumentParser(prog="python -m portal.development.demonstration.run")
    parser.add_argument("--folder", type=Path, default=ROOT / ".run", help="where its data is kept")
    parser.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000")
    parser.add_argument(
        "--sign-in-port", type=_port, default=os.environ.get("SIGN_IN_PORT") or "8001"
    )
    asked = parser.parse_args(arguments)
    if asked.port == asked.sign_in_port:
        parser.error("PORT and SIGN_IN_PORT are the same; they must differ.")
    return Surroundings(asked.folder.resolve(), asked.port, asked.sign_in_port)


def _port(value: str) -> int:
    if not value.isdecimal() or not 1024 <= int(value) <= 65535:
        raise argparse.ArgumentTypeError(f"{value!r} is not a port from 1024 to 65535")
    return int(value)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
