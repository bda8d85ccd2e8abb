"""The whole hospital for a story: every process that runs in production, over a full database."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine

from portal import ROOT, create_app
from portal.database import db
from portal.development.cognito.settings import DEVELOPMENT_POOL_ID
from portal.development.demonstration import hospital
from portal.development.demonstration.processes import Child, Children
from portal.development.demonstration.surroundings import Surroundings
from portal.settings.configuration import Settings
from tests.clamd import running_clamd
from tests.mariadb import Server
from tests.notices.mail_server import MailServer, running_mail_server
from tests.plugins.portal import grants_for
from tests.serving import listening

PATIENCE = 30
"""Seconds for a worker to send what is due."""
OPENING_HOUR = 10
"""On the hospital's clocks, whenever the stories are run: half of the morning is over."""


@dataclass(frozen=True)
class Stage:
    """A running hospital. `database` may do anything in it; `mail` is where its email ends up."""

    url: str
    settings: Settings
    database: Engine
    mail: MailServer

    @property
    def today(self) -> date:
        """The day on the hospital's calendar."""
        return self.settings.hospital.today(datetime.now(UTC))

    def letter(self, to: str, subject: str) -> EmailMessage:
        """The first email to this address with this in its subject; waits until it is there."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self.mail.arrived.clear()
            for message in self.mail.messages:
                if message["To"] == to and subject in message["Subject"]:
                    return message
            if not self.mail.arrived.wait(deadline - time.monotonic()):
                raise AssertionError(f"no {subject!r} came; {len(self.mail.messages)} others did")


@contextmanager
def running_stage(server: Server, name: str) -> Iterator[Stage]:
    """MariaDB's `name` migrated and filled; portal, sign-in, worker and post office running."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_mail_server() as mail,
        running_clamd(Path(folder)) as scanner,
    ):
        surroundings = Surroundings(Path(folder), *_free_ports())
        environment = {
            **surroundings.environment(os.environ),
            "HOSPITAL_TIMEZONE": zone_in_which_it_is(OPENING_HOUR, datetime.now(UTC)),
            "MAIL_TRANSPORT": "smtp",
            "SMTP_URL": mail.url,
            "SCANNER_ADDRESS": scanner,
            "GUNICORN_WORKERS": "2",
        }
        owner_url = server.create_database(name)
        _fill({**environment, "DATABASE_URL": owner_url})
        password = server.create_user(name)
        server.execute(f"USE `{name}`; {grants_for(name)}")
        environment["DATABASE_URL"] = server.url(name, user=name, password=password)
        database = create_engine(owner_url)
        with Children(ROOT) as children:
            _start(children, surroundings, environment)
            settings = Settings.from_environment(environment)
            yield Stage(surroundings.portal_url, settings, database, mail)
        database.dispose()
        server.drop_database(name)


def zone_in_which_it_is(hour: int, now: datetime) -> str:
    """A time zone in which it is now this hour of the day."""
    ahead = (hour - now.hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"  # these names count westwards


def _free_ports() -> tuple[int, int]:
    with listening() as (portal, _), listening() as (sign_in, _):
        return portal.getsockname()[1], sign_in.getsockname()[1]


def _fill(environment: dict[str, str]) -> None:
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade()
        session = db.session()
        hospital.load(session, app.extensions["settings"], datetime.now(UTC))
        session.commit()
        session.close()
        db.engine.dispose()


def _start(children: Children, surroundings: Surroundings, environment: dict[str, str]) -> None:
    def start(name: str, *command: str) -> Child:
        log = surroundings.log(name.replace(" ", "-"))
        return children.start(name, [sys.executable, "-m", *command], environment, log)

    environment["GUNICORN_BIND"] = f"127.0.0.1:{surroundings.port}"
    sign_in = start(
        "the sign-in",
        *("portal.development.cognito", "--port", str(surroundings.sign_in_port)),
        *("--portal-url", surroundings.portal_url),
    )
    portal = start("the portal", "gunicorn", "wsgi:app")
    start("the worker", "portal.worker")
    configuration = f"/{DEVELOPMENT_POOL_ID}/.well-known/openid-configuration"
    sign_in.wait_until_it_answers(surroundings.sign_in_port, configuration)
    portal.wait_until_it_answers(surroundings.port, "/health/live")
