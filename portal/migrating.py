"""Bringing the schema to this release once, however many instances start it at the same time.

`flask --app wsgi database upgrade-once`. Whoever comes second waits for the first, and then finds
nothing to do. Needs an account that may change tables, not the portal's own.
"""

import time
from typing import Any

import click
from alembic import command
from alembic.config import Config
from alembic.ddl.mysql import MySQLImpl
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, func, select, text
from sqlalchemy.exc import DBAPIError

from portal.config import Settings
from portal.connecting import connect, is_away
from portal.database import engine_options

commands = AppGroup("database", help="The database's schema.")

CHANGED, NOTHING_TO_DO = "The schema is this release's now.", "There was nothing to do."
"""What it says when it is done."""

WAIT_SECONDS = 300
AT_A_TIME = 1
"""Seconds of one wait in the server, so that a deadline is kept and nothing looks like a hang."""


TABLE_SECONDS = 2
"""For a table that a transaction holds. Everybody who wants it queues behind us meanwhile, and gives up
after `connecting.STATEMENT_SECONDS`: we let them by, and ask again."""

LOCK_WAIT_TIMEOUT = 1205


class SomebodyElse(Exception):
    """Another instance has been migrating for longer than we were to wait."""


@commands.command("upgrade-once")
@click.option("--wait", default=WAIT_SECONDS, show_default=True, help="Seconds, for another one.")
def upgrade_once(wait: int) -> None:
    """Bring the schema to this release, or wait for whoever is doing so."""
    settings: Settings = current_app.extensions["settings"]
    configuration: Config = current_app.extensions["migrate"].migrate.get_config()
    engine = create_engine(settings.database_url, **_options(settings))
    event.listen(engine, "do_connect", _connect)
    try:
        changed = upgrade(engine, configuration, wait)
    except SomebodyElse:
        raise click.ClickException(
            f"Another instance has been changing the schema for {wait} seconds. Check what it is doing."
        ) from None
    except DBAPIError as fault:
        if fault.orig is None or not is_away(fault.orig):
            raise
        raise click.ClickException("The database can't be reached or takes no writes.") from None
    finally:
        engine.dispose()
    click.echo(CHANGED if changed else NOTHING_TO_DO)


def upgrade(engine: Engine, configuration: Config, wait: float) -> bool:
    """Runs the migrations that are missing, under the database's lock; whether there were any.

    Raises `SomebodyElse` when the lock was not to be had within `wait` seconds.
    """
    with engine.connect() as connection:
        take_the_lock(connection, wait)
        if _is_at_head(connection, configuration):
            return False
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
        return True


def _options(settings: Settings) -> dict[str, object]:
    """Without the limits of a request: building an index of a big table takes its time."""
    options = engine_options(settings)
    arguments = options["connect_args"]
    options["connect_args"] = {
        name: value
        for name, value in arguments.items()
        if name not in ("read_timeout", "write_timeout")
    }
    return options


def _connect(dialect: Dialect, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> Any:
    """Limits on answers there are none, so the connection itself must find out that the server is gone."""
    return None if dialect.name == "sqlite" else connect(dialect, parameters)


class MySQLThatLetsOthersBy(MySQLImpl):
    """How Alembic runs a statement: one that has to wait for a table is tried again and again."""

    __dialect__ = "mysql"

    def _exec(self, *arguments: Any, **options: Any) -> Any:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return super()._exec(*arguments, **options)
            except DBAPIError as fault:
                waited = fault.orig is not None and fault.orig.args[0] == LOCK_WAIT_TIMEOUT
                if not waited or time.monotonic() > deadline:
                    raise
            time.sleep(TABLE_SECONDS)


def take_the_lock(connection: Connection, wait: float) -> None:
    """MySQL's named lock: it belongs to the connection, so it ends with us, however we end.

    SQLite needs none: it lets one connection write, and nobody runs it on several machines.
    """
    if connection.dialect.name == "sqlite":
        return
    name = f"migrate {connection.engine.url.database}"[:64]
    deadline = time.monotonic() + wait
    while connection.scalar(select(func.get_lock(name, AT_A_TIME))) != 1:
        if time.monotonic() > deadline:
            raise SomebodyElse
    connection.execute(text(f"SET SESSION lock_wait_timeout = {TABLE_SECONDS}"))
    connection.rollback()


def _is_at_head(connection: Connection, configuration: Config) -> bool:
    found = MigrationContext.configure(connection).get_current_heads()
    connection.rollback()
    return set(found) == set(ScriptDirectory.from_config(configuration).get_heads())
