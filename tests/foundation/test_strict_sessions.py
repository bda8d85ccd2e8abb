"""The portal's sessions are strict even on a server that is configured to be lax."""

from collections.abc import Iterator

import pymysql
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DataError

from portal import create_app
from portal.database import db
from tests.mariadb import Server, running_mariadb
from tests.settings import settings_for

TABLE = "CREATE TEMPORARY TABLE badge (name VARCHAR(3))"
TOO_LONG = "INSERT INTO badge VALUES ('Raman')"


@pytest.fixture(scope="module")
def lax() -> Iterator[Server]:
    with running_mariadb(options=("--sql-mode=",)) as server:
        server.create_database("lax")
        yield server


@pytest.fixture
def portal(lax: Server) -> Iterator[Flask]:
    app = create_app(settings_for(lax.url("lax")))
    yield app
    app.extensions["shared_files"].close()
    with app.app_context():
        db.engine.dispose()


def test_a_plain_session_of_that_server_cuts_what_is_too_long(lax: Server) -> None:
    with (
        pymysql.connect(
            host="127.0.0.1",
            port=lax.port,
            user="owner",
            password=lax.owner_password,
            database="lax",
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(TABLE)
        cursor.execute(TOO_LONG)
        cursor.execute("SELECT name FROM badge")
        assert cursor.fetchone() == ("Ram",)


def test_the_portal_refuses_it(portal: Flask) -> None:
    with portal.app_context(), db.engine.connect() as connection:
        connection.execute(text(TABLE))
        with pytest.raises(DataError, match="too long"):
            connection.execute(text(TOO_LONG))
