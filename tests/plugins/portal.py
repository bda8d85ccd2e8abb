"""Fixtures: a portal over the run's MariaDB, a bare session, and people signed in to it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import db
from portal.models import Account, Base
from tests.builders import signed_in
from tests.mariadb import Server
from tests.settings import settings_for

GRANTS = Path(__file__).parents[2] / "migrations" / "grants.sql"


def grants_for(account: str) -> str:
    """The grants of production, given to another account."""
    lines = [line for line in GRANTS.read_text().splitlines() if not line.startswith("--")]
    return "".join(lines).replace("'portal'", f"'{account}'").rstrip(";")


@pytest.fixture(scope="session")
def database_url(mariadb: Server, worker_id: str) -> Iterator[str]:
    """A migrated database of this worker's own, for an account with the grants of production."""
    name = f"portal_{worker_id}"
    portal_over = create_app(settings_for(mariadb.create_database(name)))
    with portal_over.app_context():
        upgrade()
        db.engine.dispose()
    password = mariadb.create_user(name)
    mariadb.execute(f"USE `{name}`; {grants_for(name)}")
    yield mariadb.url(name, user=name, password=password)
    mariadb.drop_database(name)


@pytest.fixture(scope="session")
def app(database_url: str) -> Iterator[Flask]:
    """A portal whose database account has the grants of production."""
    app = create_app(settings_for(database_url))
    with app.app_context():
        event.listen(db.engine, "connect", _be_patient)
    yield app
    app.extensions["shared_files"].close()
    with app.app_context():
        db.engine.dispose()


def _be_patient(connection: Any, _: object) -> None:
    """Tests may wait for long between two statements."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SET SESSION wait_timeout = 3600")


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture(scope="session")
def owner_engine(mariadb: Server, database_url: str) -> Iterator[Engine]:
    """The same database, for an account with all rights."""
    engine = create_engine(mariadb.url(make_url(database_url).database or ""))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A bare session. Everything that a test does in it is rolled back at its end, commits included."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def database(engine: Engine, owner_engine: Engine) -> Iterator[Session]:
    """A session whose commits the portal sees; every table is emptied after the test.

    It is not the portal's own `db.session`: an application context around a test would be shared by
    all its requests, and with it who is signed in.
    """
    with Session(engine, expire_on_commit=False, autoflush=False) as session:
        yield session
    with owner_engine.begin() as connection:
        connection.execute(text("SET foreign_key_checks = 0"))
        for table in Base.metadata.tables:
            connection.execute(text(f"DELETE FROM `{table}`"))  # noqa: S608
        connection.execute(text("SET foreign_key_checks = 1"))


@pytest.fixture
def client(app: Flask, database: Session) -> FlaskClient:
    """Somebody's browser, not signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, database: Session) -> Callable[[Account], FlaskClient]:
    """Gives a browser in which this account is signed in."""

    def browser_of(account: Account) -> FlaskClient:
        user = signed_in(database, account)
        database.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user.get_id()
            cookie["_fresh"] = True
        return client

    return browser_of
