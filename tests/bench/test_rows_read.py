"""No statement of the worker or of a page reads many more rows than it gives, in a hospital with many."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

from portal import create_app
from portal.access import SYSTEM
from portal.context import Contexts
from portal.database import db
from portal.worker.jobs import jobs_of
from tests.bench.asking import ask
from tests.bench.audience import Audience
from tests.bench.measured import Hospital, hospital
from tests.bench.pages import PAGES, Page
from tests.bench.rows_read import Reading, readings
from tests.bench.size import Size
from tests.mariadb import Server
from tests.settings import settings_for

SIZE = Size.of(2000)
"""20,000 appointments and 40,000 slots: a scan of either stands out."""

SHOWN = 50
"""Rows that a page or a portion of a job deals with, at least, for instance to count them."""


def reads_too_much(reading: Reading) -> bool:
    return reading.read > 20 * max(reading.rows, SHOWN)


@pytest.fixture(scope="module")
def filled(mariadb: Server) -> Iterator[Hospital]:
    with hospital(mariadb, "test_rows_read", SIZE) as made:
        yield made


@pytest.fixture(scope="module")
def portal(filled: Hospital) -> Flask:
    return create_app(settings_for(filled.database_url))


def test_a_scan_is_noticed(filled: Hospital) -> None:
    engine = create_engine(filled.database_url)
    with readings(engine) as found, engine.connect() as connection:
        connection.execute(text("SELECT COUNT(*) FROM appointment WHERE reason = 'none has this'"))
        connection.execute(text("SELECT id FROM appointment WHERE id < 40"))
    engine.dispose()
    scan, few = found
    assert scan.read >= SIZE.appointments
    assert reads_too_much(scan)
    assert not reads_too_much(few)


def test_each_job_reads_what_it_deals_with(portal: Flask) -> None:
    settings = portal.extensions["settings"]
    with portal.app_context():
        sessions = sessionmaker(db.engine, autoflush=False, expire_on_commit=False)
        contexts = Contexts(sessions, SYSTEM, settings.hospital, datetime.now(UTC))
        with readings(db.engine) as found:
            for job in jobs_of(settings, portal.extensions["shared_files"]):
                job.work(contexts)
    assert not list(filter(reads_too_much, found))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_reads_what_it_shows(page: Page, filled: Hospital, portal: Flask) -> None:
    audience = Audience.of(filled)
    with portal.app_context():
        engine = db.engine
    with readings(engine) as found:
        for request in islice(page.requests(audience), 3):
            assert ask(portal, request)[0] == request.status
    assert not list(filter(reads_too_much, found))
