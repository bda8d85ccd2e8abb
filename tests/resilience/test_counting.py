"""The lists for downtime are measured by their age, and requests that are turned away are counted."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from portal.connecting import WaitingRoom
from portal.downtime import lists
from portal.downtime.box import Box
from portal.errors import NotFound, Unavailable
from portal.hospital import Hospital
from portal.measures import SHED, SNAPSHOT
from portal.worker.figures import measure_the_lists
from tests.embedded_metrics import measured_in

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@pytest.fixture
def box(app: Flask) -> Box:
    box = Box(app.extensions["shared_files"], "a secret")
    box.store.discard(lists.INDEX)
    return box


def test_the_lists_are_as_old_as_their_writing(
    database: Session, box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    lists.write(database, box, Hospital(), NOW - timedelta(minutes=7))

    measure_the_lists(sessionmaker(), Hospital(), NOW, box=box)

    assert measured_in(caplog, SNAPSHOT) == [{"SnapshotAge": 420.0}]


def test_without_lists_nothing_is_said(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NotFound):
        measure_the_lists(sessionmaker(), Hospital(), NOW, box=box)

    assert measured_in(caplog, SNAPSHOT) == []


def test_who_is_turned_away_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    room, asked, free = WaitingRoom(places=1), Event(), Event()

    def away(_: int) -> None:
        asked.set()
        raise OSError(2003, "nobody answers")

    def wait() -> None:
        with pytest.raises(OSError, match="nobody answers"):
            room.connect(away, lambda: 0.0 if free.is_set() else 9.0)

    waiting = Thread(target=wait)
    waiting.start()
    asked.wait(10)
    while True:
        try:
            room.connect(away, lambda: 0.0)
        except Unavailable:
            break
        except OSError:
            continue
    free.set()
    waiting.join(10)

    assert measured_in(caplog, SHED) == [{"RequestsShed": 1}]
