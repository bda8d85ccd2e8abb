"""Fixtures: a portal over the run's MariaDB, a bare session, and people signed in to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import db
from portal.models import Account, Base
from portal.signin import sessions
from tests.mariadb import Server
from tests.settings import settings_for


@pytest.fixture(scope="session")
def app(mariadb: Server, worker_id: str) -> Iterator[Flask]:
    """A portal over a migrated database of this worker's own."""
    name = f"portal_{worker_id}"
    app = create_app(settings_for(mariadb.create_database(name)))
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()
    mariadb.drop_database(name)


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A bare session; whatever a test does in it, commits included, is taken back at its end."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    """A session whose commits the portal sees; every table is emptied after the test."""
    with app.app_context():
        yield db.session()
        db.session.rollback()
        db.session.remove()
        with db.engine.begin() as connection:
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
        user = sessions.begin(database, account, browser="test", now=datetime.now(UTC))
        database.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user.get_id()
            cookie["_fresh"] = True
        return client

    return browser_of
