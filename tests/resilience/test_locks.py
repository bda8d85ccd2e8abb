"""Locks that another transaction keeps, and connections that nobody needs."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

import pymysql
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ExceptionContext, event, make_url, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import create_app, database
from portal.access import Role
from portal.database import connecting, db
from portal.database.connecting import LOCK_SECONDS, LOCK_WAIT, SILENT_SECONDS, STATEMENT_SECONDS
from portal.models import Account, Location
from portal.telemetry.measures import DATABASE_LOST
from portal.web.submissions import new_key
from tests.builders import an_account
from tests.embedded_metrics import measured_in
from tests.eventually import eventually
from tests.resilience.conftest import Hospitals
from tests.resilience.line import Line
from tests.settings import settings_for

TOO_MANY_CONNECTIONS = 1040
RENAMED = "/administration/clinics/{}"
MINE = "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'portal'"
ROW = select(Location.id).where(Location.name == "North")


@pytest.fixture
def north(records: Session) -> Location:
    north = Location(name="North", phone="01632 960 200")
    records.add(north)
    records.commit()
    return north


@pytest.fixture
def browser(browser_of: Callable[[Account], FlaskClient], records: Session) -> FlaskClient:
    return browser_of(an_account(records, Role.ADMINISTRATOR))


def renamed(browser: FlaskClient, north: Location) -> int:
    form = {"name": "South", "phone": "01632 960 200", "version": "1", "submission": new_key()}
    return browser.post(RENAMED.format(north.ref), data=form).status_code


def name_of(records: Session, north: Location) -> str | None:
    records.rollback()
    return records.scalar(select(Location.name).where(Location.id == north.id))


def test_each_wait_in_the_server_ends_before_ours_does() -> None:
    assert LOCK_SECONDS < STATEMENT_SECONDS
    assert SILENT_SECONDS < 60


@pytest.fixture
def lock_waits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What is done at the next statement whose wait for a lock (a second) has timed out."""
    monkeypatch.setattr(connecting, "LOCK_SECONDS", 1)
    then: list[Callable[[], None]] = []

    def gave_way(context: ExceptionContext) -> None:
        if getattr(context.original_exception, "args", ())[:1] == (LOCK_WAIT,) and then:
            then.pop()()

    with app.app_context():
        event.listen(db.engine, "handle_error", gave_way)
    return then


def test_a_form_that_waited_for_a_lock_in_vain_is_done_at_the_second_try(
    browser: FlaskClient,
    records: Session,
    north: Location,
    lock_waits: list[Callable[[], None]],
) -> None:
    records.execute(ROW.with_for_update())
    lock_waits.append(records.rollback)

    assert renamed(browser, north) == 303
    assert lock_waits == []
    assert name_of(records, north) == "South"


def test_a_lock_that_stays_is_a_page_that_waits_and_no_lost_connection(
    browser: FlaskClient,
    records: Session,
    north: Location,
    lock_waits: list[Callable[[], None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    waited: list[None] = []
    lock_waits += [lambda: waited.append(None)] * 9
    records.execute(ROW.with_for_update())
    caplog.set_level(logging.INFO)

    assert renamed(browser, north) == 503
    assert len(waited) == 2
    assert measured_in(caplog, DATABASE_LOST) == []
    assert name_of(records, north) == "North"


def test_what_a_silent_connection_has_locked_is_free_again(
    app: Flask,
    line: Line,
    records: Session,
    north: Location,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when the zone of an instance goes dark in the middle of a transaction."""
    monkeypatch.setattr(connecting, "SILENT_SECONDS", 3)

    def is_free() -> bool:
        try:
            return records.scalar(ROW.with_for_update(nowait=True)) == north.id
        except OperationalError:
            return False
        finally:
            records.rollback()

    with app.app_context(), db.engine.connect() as dark:
        dark.execute(ROW.with_for_update())
        assert not is_free()
        line.darken()
        assert eventually(is_free)
        line.open()
        dark.invalidate()


@pytest.fixture
def idle(own_server: Hospitals, line: Line, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A portal whose connections end after three seconds without a statement."""
    monkeypatch.setattr(database, "SILENT_SECONDS", 3)
    monkeypatch.setattr(connecting, "SILENT_SECONDS", 3)
    app = create_app(settings_for(own_server.url(line.port)))
    yield app
    app.extensions["shared_files"].close()
    with app.app_context():
        db.engine.dispose()


def test_connections_that_nobody_needs_are_given_back(own_server: Hospitals, idle: Flask) -> None:
    def connections() -> int:
        return int(own_server.server.execute(MINE)[0][0])

    def ask_and_count() -> int:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return connections()

    with idle.app_context():
        with ExitStack() as busy:
            for _ in range(4):
                busy.enter_context(closing(db.engine.pool.connect()))
            assert connections() == 4

        assert eventually(lambda: ask_and_count() == 1)


@contextmanager
def crowd(own_server: Hospitals) -> Iterator[Callable[[], None]]:
    """Another client takes every connection that the server has; gives what sends it away."""
    server = own_server.server
    most = server.execute("SET GLOBAL max_connections = 10; SELECT @@max_connections")[0][0]
    with ExitStack() as inside:
        inside.callback(server.execute, "SET GLOBAL max_connections = 500")
        for _ in range(most + 1):
            with suppress(pymysql.OperationalError):
                address = make_url(own_server.url(server.port))
                inside.enter_context(
                    pymysql.connect(
                        host="127.0.0.1",
                        port=server.port,
                        user=address.username,
                        password=address.password or "",
                    )
                )
        yield inside.close


def test_a_server_without_a_free_connection_is_waited_out(
    app: Flask,
    browser: FlaskClient,
    own_server: Hospitals,
    north: Location,
    records: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused: list[int] = []
    with crowd(own_server) as leave:

        def is_away(fault: Exception) -> bool:
            refused.append(fault.args[0])
            if len(refused) == 3:
                leave()
            return original(fault)

        original = connecting.is_away
        monkeypatch.setattr(connecting, "is_away", is_away)

        assert renamed(browser, north) == 303

    assert refused[:3] == [TOO_MANY_CONNECTIONS] * 3
    assert name_of(records, north) == "South"
