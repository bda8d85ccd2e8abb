"""`flask database upgrade-once`: several instances start at once, but the schema changes once."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Integer, create_engine, inspect, text

from portal import ROOT
from portal.database import engine_options
from portal.database.connecting import STATEMENT_SECONDS
from portal.database.migrating import AHEAD, CHANGED, NOTHING_TO_DO, engine_of
from tests.mariadb import Server
from tests.settings import ENVIRONMENT, settings_for


def start(url: str, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "database", "upgrade-once", *options],
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ends(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, complained = process.communicate(timeout=120)
    return process.returncode, (said.splitlines() or complained.splitlines())[-1]


def test_of_five_at_once_one_changes_the_schema_and_the_others_find_it_done(
    mariadb_database: str,
) -> None:
    outcomes = [ends(one) for one in [start(mariadb_database) for _ in range(5)]]

    assert sorted(outcomes) == sorted([(0, CHANGED), *[(0, NOTHING_TO_DO)] * 4])
    engine = create_engine(mariadb_database)
    assert {"account", "audit_seal"} <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_on_sqlite_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.sqlite'}"

    assert [ends(start(url)) for _ in range(2)] == [(0, CHANGED), (0, NOTHING_TO_DO)]


def test_a_release_that_is_rolled_back_to_leaves_the_later_schema_as_it_is(
    mariadb_database: str,
) -> None:
    assert ends(start(mariadb_database)) == (0, CHANGED)
    engine = create_engine(mariadb_database)
    with engine.begin() as later_release:
        later_release.execute(text("UPDATE alembic_version SET version_num = 'of a later release'"))

    assert ends(start(mariadb_database)) == (0, AHEAD)
    with engine.connect() as connection:
        head = connection.scalar(text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    assert head == "of a later release"


def test_it_does_not_wait_for_ever(mariadb: Server, mariadb_database: str) -> None:
    engine = create_engine(mariadb_database)
    with engine.connect() as somebody_else:
        somebody_else.execute(
            text("SELECT GET_LOCK(:name, 0)"), {"name": f"migrate {engine.url.database}"}
        )
        status, words = ends(start(mariadb_database, "--wait", "2"))
        tables = inspect(somebody_else).get_table_names()
    engine.dispose()

    assert status == 1
    assert words.startswith("Error: Another instance has been changing the schema for 2 seconds.")
    assert tables == []


def test_a_table_that_a_transaction_holds_stays_open_to_readers(mariadb_database: str) -> None:
    """The migration leaves the lock queue and retries, so that readers never wait behind it for long."""
    settings = settings_for(mariadb_database)
    changing, reading = (
        engine_of(settings),
        create_engine(mariadb_database, **engine_options(settings)),
    )
    with reading.begin() as owner:
        owner.execute(text("CREATE TABLE held (id INT)"))

    def change() -> None:
        with changing.connect() as connection:
            operations = Operations(MigrationContext.configure(connection))
            operations.add_column("held", Column("more", Integer))

    with ThreadPoolExecutor() as pool, reading.connect() as holder, reading.connect() as reader:
        holder.execute(text("SELECT * FROM held")).all()
        changed = pool.submit(change)
        enough = time.monotonic() + 2 * STATEMENT_SECONDS
        while time.monotonic() < enough:
            reader.execute(text("SELECT * FROM held")).all()
            reader.rollback()
        assert not changed.done()
        holder.rollback()
        changed.result(timeout=60)
    columns = {one["name"] for one in inspect(reading).get_columns("held")}
    for engine in (changing, reading):
        engine.dispose()
    assert columns == {"id", "more"}


@pytest.mark.parametrize("port", [1])
def test_a_database_that_is_away_is_told_in_a_line(port: int) -> None:
    status, words = ends(start(f"mysql+pymysql://portal:secret@127.0.0.1:{port}/portal"))

    assert status == 1
    assert words == "Error: The database can't be reached or takes no writes."
    assert "secret" not in words
