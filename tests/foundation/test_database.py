"""Transactions and savepoints of the portal's sessions on SQLite, the database of `make run`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import db
from portal.models import Base, Location
from tests.settings import settings_for


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'portal.sqlite'}"))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def clinics(session: Session) -> int:
    return session.scalar(select(func.count(Location.id))) or 0


def test_a_rollback_takes_back_what_a_savepoint_kept_before_any_other_change(
    sqlite: Flask,
) -> None:
    session = db.session()
    with session.begin_nested():
        session.add(Location(name="Clinic"))
    session.rollback()

    assert clinics(session) == 0


def test_a_rollback_to_a_savepoint_keeps_what_was_changed_before_it(sqlite: Flask) -> None:
    session = db.session()
    session.add(Location(name="Clinic"))
    session.flush()
    with session.begin_nested() as savepoint:
        session.add(Location(name="Another clinic"))
        session.flush()
        savepoint.rollback()
    session.commit()

    assert clinics(session) == 1
