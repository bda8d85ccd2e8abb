"""Migrating the schema to this release once, even if many instances try at the same time.

`flask --app wsgi database upgrade-once`. The others wait for the first one, and then find nothing
to do. Needs an account that may change tables, not the portal's own.
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
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError

from portal.database import engine_options
from portal.database.connecting import LOCK_WAIT, connect, is_away
from portal.database.names import Name
from portal.settings.configuration import Settings

commands = AppGroup("database", help="The database's schema.")

CHANGED = "The schema has been brought to this release."
NOTHING_TO_DO = "There was nothing to do."
AHEAD = "The schema is a later release's. This release works with it, so there was nothing to do."
"""The message at the end."""

WAIT_SECONDS = 300
AT_A_TIME = 1
"""Seconds of one wait in the server: short, so that the deadline is kept."""


TABLE_SECONDS = 2
"""For a table that a transaction holds. Everybody who wants it queues behind us meanwhile, and gives up
after `connecting.LOCK_SECONDS`: we let them by, and ask again."""


class SomebodyElse(Exception):
    """Another instance has been migrating for longer than we may wait."""


@commands.command("upgrade-once")
@click.option(
    "--wait", default=WAIT_SECONDS, show_default=True, help="Seconds to wait for another instance."
)
def upgrade_once(wait: int) -> None:
    """Migrate the schema to this release, or wait for the instance that does so."""
    settings: Settings = current_app.extensions["settings"]
    configuration: Config = current_app.extensions["migrate"].migrate.get_config()
    engine = engine_of(settings)
    try:
        outcome = upgrade(engine, configuration, wait)
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
    click.echo(outcome)


def upgrade(engine: Engine, configuration: Config, wait: float) -> str:
    """Runs the missing migrations, under the database's lock; returns the message for the operator.

    A migration that this release does not know is from a later release that was rolled back. Each
    migration keeps the release before it working, so nothing needs to be done.
    Raises `SomebodyElse` when the lock could not be taken within `wait` seconds.
    """
    with engine.connect() as connection:
        _take_the_lock(connection, wait)
        found, scripts = _heads(connection), ScriptDirectory.from_config(configuration)
        known = {script.revision for script in scripts.walk_revisions()}
        if found - known:
            return AHEAD
        if found == set(scripts.get_heads()):
            return NOTHING_TO_DO
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
        return CHANGED


def engine_of(settings: Settings) -> Engine:
    """An engine without the limits of a request, because an index on a big table takes long.

    Its connections notice by themselves that the server is gone, and wait `TABLE_SECONDS` for a
    table.
    """
    options = engine_options(settings)
    arguments = options["connect_args"]
    for limit in ("read_timeout", "write_timeout"):
        arguments.pop(limit, None)
    engine = create_engine(settings.database_url, **options)
    if engine.dialect.name != "sqlite":
        _connect_as_we_do(engine)
    return engine


def _connect_as_we_do(engine: Engine) -> None:
    name = Name(engine.url.host or "localhost")

    def connected(
        dialect: Dialect, _record: Any, _arguments: Any, parameters: dict[str, Any]
    ) -> Any:
        return connect(dialect, parameters, name, table_seconds=TABLE_SECONDS)

    event.listen(engine, "do_connect", connected)


class MySQLThatLetsOthersBy(MySQLImpl):
    """Runs Alembic's statements: one that has to wait for a table is tried again and again."""

    __dialect__ = "mysql"

    def _exec(self, *arguments: Any, **options: Any) -> Any:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return super()._exec(*arguments, **options)
            except DBAPIError as fault:
                waited = fault.orig is not None and fault.orig.args[0] == LOCK_WAIT
                if not waited or time.monotonic() > deadline:
                    raise
            time.sleep(TABLE_SECONDS)


def _take_the_lock(connection: Connection, wait: float) -> None:
    """MySQL's named lock.

    It belongs to the connection, so it ends when this process does. SQLite needs none: only one
    connection writes, and nobody runs it on several machines.
    """
    if connection.dialect.name == "sqlite":
        return
    name = f"migrate {connection.engine.url.database}"[:64]
    deadline = time.monotonic() + wait
    while connection.scalar(select(func.get_lock(name, AT_A_TIME))) != 1:
        if time.monotonic() > deadline:
            raise SomebodyElse
    connection.rollback()


def _heads(connection: Connection) -> set[str]:
    found = MigrationContext.configure(connection).get_current_heads()
    connection.rollback()
    return set(found)
