"""The name server is dead and the database lives: the portal works on, as securely as before."""

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.access import Role
from portal.database import number_of
from portal.database.connecting import connect
from portal.database.migrating import engine_of
from portal.database.names import Name
from portal.models import Account
from tests.builders import an_account
from tests.mariadb import Server
from tests.plugins.tls_mariadb import NAME
from tests.resilience.line import Line
from tests.resilience.resolver import Resolver
from tests.settings import settings_for

CLINICS = "/administration/clinics"
ANOTHER_NAME = "another.test"


@pytest.fixture
def host(resolver: Resolver) -> str:
    return NAME


@pytest.fixture
def engine(tls_server: tuple[Server, Path], resolver: Resolver) -> Iterator[Engine]:
    """The portal's, for a server that is named and proves its name."""
    running, certificate = tls_server
    url = make_url(running.url("mysql")).set(host=NAME).render_as_string(hide_password=False)
    engine = engine_of(settings_for(url, DATABASE_CA=str(certificate)))
    yield engine
    engine.dispose()


def cipher(engine: Engine) -> str:
    """Of a new connection."""
    engine.dispose()
    with engine.connect() as connection:
        return connection.execute(text("SHOW STATUS LIKE 'Ssl_cipher'")).one()[1]


def test_pages_come_on_new_connections_while_the_name_server_hangs(
    browser_of: Callable[[Account], FlaskClient], records: Session, line: Line, resolver: Resolver
) -> None:
    browser = browser_of(an_account(records, Role.ADMINISTRATOR))
    assert browser.get(CLINICS).status_code == 200

    with resolver.hanging():
        line.break_all()
        assert browser.get(CLINICS).status_code == 200
    assert resolver.questions > 1


def test_the_connection_is_still_encrypted(engine: Engine, resolver: Resolver) -> None:
    assert cipher(engine)
    resolver.fault = socket.EAI_AGAIN

    assert cipher(engine)


def test_the_certificate_must_be_that_of_the_name_at_the_kept_address(
    tls_server: tuple[Server, Path], resolver: Resolver
) -> None:
    running, certificate = tls_server
    url = make_url(running.url("mysql")).set(host=ANOTHER_NAME)
    dialect = create_engine(url).dialect
    _, parameters = dialect.create_connect_args(url)
    parameters["ssl"] = ssl.create_default_context(cafile=str(certificate))
    name = Name(ANOTHER_NAME)
    name.addresses()
    name.takes_writes_at("127.0.0.1")
    resolver.fault = socket.EAI_AGAIN

    with pytest.raises(
        dialect.loaded_dbapi.OperationalError, match=f"not valid for '{ANOTHER_NAME}'"
    ):
        connect(dialect, parameters, name)


def test_a_server_that_takes_no_writes_is_not_tried_again_without_its_name(
    engine: Engine, tls_server: tuple[Server, Path], resolver: Resolver
) -> None:
    assert cipher(engine)
    running, _ = tls_server
    running.execute("SET GLOBAL read_only = ON")
    resolver.fault = socket.EAI_AGAIN
    try:
        with pytest.raises(OperationalError) as refused:
            cipher(engine)
        assert number_of(refused.value) == 1290
    finally:
        running.execute("SET GLOBAL read_only = OFF")

    with pytest.raises(OperationalError) as unknown:
        cipher(engine)
    assert number_of(unknown.value) == 2003
    resolver.fault = None
    assert cipher(engine)
