"""The lists for downtime are measured by their age, and requests that are turned away are counted."""

import logging
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from portal.database import db
from portal.database.bounded_pool import BoundedPool, places_among
from portal.downtime import lists
from portal.downtime.box import Box
from portal.errors import NotFound, Unavailable
from portal.telemetry.measures import SHED, SNAPSHOT
from portal.worker.figures import measure_the_lists
from tests.builders import context_for, contexts_for
from tests.embedded_metrics import measured_in
from tests.resilience.conftest import THREADS

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@pytest.fixture
def box(app: Flask) -> Box:
    box = Box(app.extensions["shared_files"], ("a secret",))
    box.store.discard(lists.INDEX)
    return box


def test_the_age_of_the_lists_is_the_time_since_they_were_written(
    database: Session, box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    lists.write(context_for(database, now=NOW - timedelta(minutes=7)), box)

    measure_the_lists(contexts_for(sessionmaker(), NOW), box=box)

    assert measured_in(caplog, SNAPSHOT) == [{"SnapshotAge": 420.0}]


def test_without_lists_no_age_is_measured(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NotFound):
        measure_the_lists(contexts_for(sessionmaker(), NOW), box=box)

    assert measured_in(caplog, SNAPSHOT) == []


def test_requests_that_are_turned_away_are_counted(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.test_request_context():
        pool = db.engine.pool
        assert isinstance(pool, BoundedPool)
        with ExitStack() as inside:
            for _ in range(places_among(THREADS)):
                inside.enter_context(closing(pool.connect()))
            with pytest.raises(Unavailable):
                pool.connect()
        pool.connect().close()

    assert measured_in(caplog, SHED) == [{"RequestsShed": 1}]
