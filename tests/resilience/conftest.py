"""Fixtures: a MariaDB of one's own behind a line that can be cut, and a portal at its other end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import db, names
from portal.models import Account, Base
from tests.builders import signed_in
from tests.mariadb import Server, running_mariadb
from tests.plugins.portal import grants_for
from tests.resilience.line import Line
from tests.resilience.resolver import Resolver
from tests.settings import settings_for

NAME = "portal"
THREADS = 8
PATIENCE = 3
"""Seconds; short, so that tests of its end don't take long."""


@dataclass(frozen=True)
class Hospitals:
    """A server whose one portal's database is migrated, for an account with production's grants."""

    server: Server
    password: str
    owner: Engine

    def url(self, port: int, host: str = "127.0.0.1") -> str:
        """The portal's address of the database, with this port and host."""
        url = make_url(self.server.url(NAME, user=NAME, password=self.password))
        return url.set(port=port, host=host).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def own_server() -> Iterator[Hospitals]:
    """Not the run's: what is done to it would disturb other tests."""
    with running_mariadb() as server:
        owner_url = server.create_database(NAME)
        app = create_app(settings_for(owner_url))
        with app.app_context():
            upgrade()
            db.engine.dispose()
        password = server.create_user(NAME)
        server.execute(f"USE `{NAME}`; {grants_for(NAME)}")
        owner = create_engine(owner_url, isolation_level="READ COMMITTED")
        yield Hospitals(server, password, owner)
        owner.dispose()


@pytest.fixture
def records(own_server: Hospitals) -> Iterator[Session]:
    """A session of the owner's, straight to the server; every table is emptied after the test."""
    with Session(own_server.owner, expire_on_commit=False, autoflush=False) as session:
        yield session
    with own_server.owner.begin() as connection:
        connection.execute(text("SET foreign_key_checks = 0"))
        for table in Base.metadata.tables:
            connection.execute(text(f"DELETE FROM `{table}`"))  # noqa: S608
        connection.execute(text("SET foreign_key_checks = 1"))


@pytest.fixture
def line(own_server: Hospitals) -> Iterator[Line]:
    line = Line(own_server.server.port)
    yield line
    line.open()
    line.cut()


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """Answers from now on when the database's name is looked up."""
    resolver = Resolver()
    monkeypatch.setattr(names, "getaddrinfo", resolver)
    return resolver


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a look-up that hangs."""
    monkeypatch.setattr(names, "LOOK_UP_SECONDS", 0.05)
    monkeypatch.setattr(names, "LONGEST_LOOK_UP_SECONDS", 0.05)


@pytest.fixture
def host() -> str:
    """Of the database, as the portal is told it."""
    return "127.0.0.1"


@pytest.fixture
def app(own_server: Hospitals, line: Line, host: str, records: Session) -> Iterator[Flask]:
    """A portal at the other end of the line."""
    told = {"DATABASE_PATIENCE_SECONDS": str(PATIENCE), "GUNICORN_THREADS": str(THREADS)}
    app = create_app(settings_for(own_server.url(line.port, host), **told))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    app.extensions["shared_files"].close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def browser_of(app: Flask, records: Session) -> Callable[[Account], FlaskClient]:
    """Gives a browser in which this account is signed in."""

    def browser(account: Account) -> FlaskClient:
        user = signed_in(records, account)
        records.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user.get_id()
            cookie["_fresh"] = True
        return client

    return browser
