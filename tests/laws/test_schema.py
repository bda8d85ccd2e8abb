"""Migrations go from an empty database to the models and back, on every database that the portal supports."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from portal import create_app
from portal.database import db
from portal.models import Base
from portal.models.base import COLLATION
from tests.settings import settings_for


@pytest.fixture(params=["mariadb", "sqlite"])
def empty_portal(
    request: pytest.FixtureRequest, mariadb_database: str, tmp_path: Path
) -> Iterator[Flask]:
    url = mariadb_database if request.param == "mariadb" else f"sqlite:///{tmp_path}/portal.db"
    app = create_app(settings_for(url))
    with app.app_context():
        yield app
        db.engine.dispose()


def test_models_and_migrations_agree(empty_portal: Flask) -> None:
    upgrade()

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_downgrading_leaves_nothing(empty_portal: Flask) -> None:
    upgrade()
    downgrade(revision="base")

    assert inspect(db.engine).get_table_names() == ["alembic_version"]


def test_there_is_one_line_of_migrations(app: Flask) -> None:
    script = ScriptDirectory(str(app.extensions["migrate"].directory))

    assert len(script.get_heads()) == 1
    assert all(not revision.is_merge_point for revision in script.walk_revisions())


def test_text_is_compared_alike_everywhere() -> None:
    assert {table.kwargs["mysql_collate"] for table in Base.metadata.tables.values()} == {COLLATION}
