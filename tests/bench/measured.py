"""The hospital whose portal is measured: its database, and the data from which requests are made."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, Row, create_engine, text

from portal import create_app
from portal.database import db
from tests.bench.filling import fill
from tests.bench.size import Size
from tests.mariadb import Server
from tests.plugins.portal import grants_for
from tests.settings import settings_for


@dataclass(frozen=True)
class Hospital:
    """`app` and `engine` are the owner's; `database_url` is for the portal's account and its grants."""

    size: Size
    app: Flask
    engine: Engine
    database_url: str

    def rows(self, statement: str, **values: Any) -> Sequence[Row[Any]]:
        """Reads as the owner."""
        with self.engine.connect() as connection:
            return connection.execute(text(statement), values).all()

    def execute(self, *statements: str, **values: Any) -> None:
        """Writes as the owner, in one transaction."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)


@contextmanager
def hospital(server: Server, name: str, size: Size, driver: str = "pymysql") -> Iterator[Hospital]:
    """Makes, migrates and fills the database `name`; drops it at the end."""
    url = server.create_database(name)
    password = server.create_user(name)
    settings = settings_for(url)
    app = create_app(settings)
    with app.app_context():
        upgrade()
        db.engine.dispose()
    server.execute(f"USE `{name}`; {grants_for(name)}")
    print(f"Filling a hospital of {size.patients:,} patients", flush=True)
    fill(url, size, settings.hospital)
    granted = server.url(name, user=name, password=password, driver=driver)
    engine = create_engine(url)
    try:
        yield Hospital(size, app, engine, granted)
    finally:
        engine.dispose()
        server.drop_database(name)
