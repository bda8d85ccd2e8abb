"""The engine, the sessions, and what a lost connection means.

MySQL 8.4 in production through PyMySQL (mysqlclient by `DATABASE_URL` alone), MariaDB 10.11 in tests,
SQLite for a trial. Transactions are READ COMMITTED: every contested change is a conditional UPDATE
or a unique key, never read-then-write. docs/architecture.md tells what happens when it goes away.
"""

import sqlite3
import ssl
import time
from functools import cache
from typing import Any

from flask import Flask, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Dialect, Engine, ExceptionContext, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from portal.database.bounded_pool import BoundedPool, bound
from portal.database.connecting import (
    CONNECT_SECONDS,
    DEADLOCK,
    LOCK_WAIT,
    SILENT_SECONDS,
    STATEMENT_SECONDS,
    WaitingRoom,
    connect,
    is_away,
)
from portal.database.names import Name
from portal.settings.configuration import Settings
from portal.telemetry.measures import DATABASE_LOST, measured

db = SQLAlchemy(session_options={"autoflush": False, "expire_on_commit": False})


def install(app: Flask) -> None:
    """Gives the application its engine and sessions, after its configuration."""
    db.init_app(app)
    settings: Settings = app.extensions["settings"]
    app.before_request(lambda: be_patient(settings.database_patience_seconds))
    with app.app_context():
        # On this engine alone: a listener on all engines would cost MySQL time at each statement.
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "savepoint", _begin_before_a_savepoint)
        else:
            bound(db.engine, settings.request_threads)
            _wait_for_connections(db.engine)


def be_patient(seconds: float) -> None:
    """Sets how long this request may wait for a database from now on, in all its attempts together."""
    g.patience_ends = time.monotonic() + seconds


def patience() -> float:
    """The seconds that are left; 0 outside of a request, where callers try again later by themselves."""
    return float(g.patience_ends - time.monotonic()) if has_request_context() else 0.0


def _wait_for_connections(engine: Engine) -> None:
    room, name = WaitingRoom(), Name(engine.url.host or "localhost")

    def wait_for_one(
        dialect: Dialect, _: ConnectionPoolEntry, _arguments: Any, parameters: dict[str, Any]
    ) -> Any:
        def attempt(seconds: int) -> Any:
            return connect(dialect, {**parameters, "connect_timeout": seconds}, name)

        return room.connect(attempt, patience)

    event.listen(engine, "do_connect", wait_for_one)


def lost(fault: BaseException) -> bool:
    """Whether the connection was lost, so that a new one may work."""
    return isinstance(fault, DBAPIError) and fault.connection_invalidated


def number_of(fault: DBAPIError) -> object:
    """MySQL's number of the error, if it has one."""
    return fault.orig.args[0] if fault.orig is not None and fault.orig.args else None


def gave_way(fault: DBAPIError) -> bool:
    """Whether MySQL took the transaction back in favour of another, so that running it again is right."""
    return number_of(fault) in (LOCK_WAIT, DEADLOCK)


def engine_options(settings: Settings) -> dict[str, Any]:
    """SQLAlchemy's engine options for the URL's database."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 15, "isolation_level": "IMMEDIATE"}}
    connect_args: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS}
    connect_args |= {"read_timeout": STATEMENT_SECONDS, "write_timeout": STATEMENT_SECONDS}
    if settings.database_ca:
        connect_args["ssl"] = _tls(settings.database_ca, url.get_driver_name())
    return {
        "isolation_level": "READ COMMITTED",
        "poolclass": BoundedPool,
        "pool_size": settings.database_pool_size,
        "max_overflow": 0,
        "pool_timeout": 3,
        # Younger than what the server ends. Those used last are used first, so that the others end.
        "pool_recycle": SILENT_SECONDS * 8 // 9,
        "pool_use_lifo": True,
        # A session that did not commit rolls back when it is closed, so the pool need not do it again.
        "pool_reset_on_return": None,
        "connect_args": connect_args,
    }


@cache
def _tls(authority: str, driver: str) -> Any:
    """One context for all connections, because PyMySQL needs about 25 ms to make one."""
    if driver == "pymysql":
        return ssl.create_default_context(cafile=authority)
    return {"ca": authority}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")


def _begin_before_a_savepoint(connection: Connection, _: str) -> None:
    """Python's sqlite3 begins only at the first change; a savepoint before that would commit by itself."""
    driver: Any = connection.connection.dbapi_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        driver.execute("BEGIN IMMEDIATE")


@event.listens_for(Engine, "handle_error")
def recognise_a_lost_connection(context: ExceptionContext) -> None:
    """Marks the pool stale on errors that SQLAlchemy does not count as a disconnect by itself.

    An old primary that takes no writes still answers everything else, so its connections would stay
    in the pool.
    """
    fault = context.original_exception
    if isinstance(fault, Exception) and is_away(fault):
        context.is_disconnect = True
    if context.is_disconnect:
        measured(DATABASE_LOST, DatabaseConnectionsLost=1)
