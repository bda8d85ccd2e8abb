"""The data with which both database servers start. It is made once and copied for each hospital."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from migrations.prepare_database import CHANGES_TABLES
from portal import create_app
from portal.database import db
from tests.drill.database import REPLICATION
from tests.drill.population import Population, populate
from tests.drill.settings import ACCOUNT, DATABASE, MIGRATION_ACCOUNT
from tests.mariadb import Server, running_mariadb
from tests.plugins.portal import grants_for
from tests.settings import settings_for

SHUTDOWN_SECONDS = 30


@dataclass(frozen=True)
class Furnishing:
    """MariaDB's data folder, the shared files, the people, and the passwords of the database accounts."""

    data: Path
    files: Path
    population: Population
    password: str
    migration_password: str


def furnish(folder: Path) -> Furnishing:
    """Makes, migrates and fills a database with the grants of production, in `folder`."""
    with running_mariadb(options=("--innodb-log-file-size=16M",)) as server:
        url = server.create_database(DATABASE)
        password = server.create_user(ACCOUNT)
        migration_password = server.create_user(MIGRATION_ACCOUNT)
        app = create_app(settings_for(url))
        with app.app_context():
            upgrade()
            db.engine.dispose()
        server.execute(f"USE `{DATABASE}`; {grants_for(ACCOUNT)}")
        server.execute(f"GRANT {CHANGES_TABLES} ON `{DATABASE}`.* TO {MIGRATION_ACCOUNT}@`%`")
        server.execute(
            f"CREATE USER {REPLICATION}@`%` IDENTIFIED BY '{REPLICATION}';"
            f"GRANT REPLICATION SLAVE ON *.* TO {REPLICATION}@`%`"
        )
        engine = create_engine(url)
        with Session(engine, expire_on_commit=False) as session:
            population = populate(session, app, folder / "files")
        engine.dispose()
        _shut_down(server)
        data = folder / "furnished"
        shutil.copytree(server.folder / "data", data)
    return Furnishing(data, folder / "files", population, password, migration_password)


def _shut_down(server: Server) -> None:
    """Shuts down cleanly, because the files must not change while they are copied."""
    server.execute("SHUTDOWN")
    deadline = time.monotonic() + SHUTDOWN_SECONDS
    while (server.folder / "pid").exists():
        if time.monotonic() > deadline:
            raise TimeoutError("the furnished database did not shut down")
        time.sleep(0.05)
