"""One patient per slot, and one booking per submission, when many send forms to a deployed portal."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import db
from portal.models import Notice, Slot, Submission
from portal.vocabulary import Occasion, SlotStatus
from tests.appointments.crowd import (
    a_crowd,
    a_wanted_slot,
    all_at_once,
    bookings,
    forms_of,
    offered,
)
from tests.builders import audited
from tests.served_portal import served_portal
from tests.settings import settings_for

CROWD = 200


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> Iterator[str]:
    with served_portal(database_url, tmp_path / "gunicorn.log") as address:
        yield address


def count(session: Session, *clauses: object) -> int:
    return session.scalar(select(func.count()).where(*clauses)) or 0  # type: ignore[arg-type]


def test_two_hundred_book_one_slot_and_one_gets_it(
    app: Flask, address: str, database: Session
) -> None:
    wanted = a_wanted_slot(database)
    crowd = a_crowd(database, app, address, CROWD)
    page = f"/book/{wanted.slot.ref}"
    forms = forms_of(crowd, page)

    answers = all_at_once(crowd, page, forms)

    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: CROWD - 1}
    assert bookings(database, wanted.slot) == 1
    assert count(database, Submission.key.is_not(None)) == 1
    assert len(audited(database, "book appointment")) == 1
    assert count(database, Notice.occasion == Occasion.BOOKED) == 1
    free = {slot.ref for slot in wanted.others}
    for answer in answers:
        if answer.status_code == 409:
            assert "Somebody else has just taken this time." in answer.text
            assert offered(answer)
            assert offered(answer) <= free


def test_two_hundred_hold_one_slot_and_one_keeps_it(
    app: Flask, address: str, database: Session
) -> None:
    wanted = a_wanted_slot(database)
    crowd = a_crowd(database, app, address, CROWD)
    forms = forms_of(crowd, f"/book/{wanted.slot.ref}")

    answers = all_at_once(crowd, f"/hold/{wanted.slot.ref}", forms)

    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: CROWD - 1}
    assert all(offered(answer) for answer in answers if answer.status_code == 409)
    database.rollback()
    held = database.get_one(Slot, wanted.slot.id, populate_existing=True)
    assert held.status is SlotStatus.FREE
    assert held.held_by_account_id is not None


def test_one_submission_sent_twenty_times_is_one_booking(
    app: Flask, address: str, database: Session
) -> None:
    wanted = a_wanted_slot(database)
    (visitor,) = a_crowd(database, app, address, 1)
    page = f"/book/{wanted.slot.ref}"
    form = visitor.fields_of(page)

    answers = all_at_once([visitor] * 20, page, [form] * 20)
    later = [visitor.send(page, form) for _ in range(5)]

    given = {(answer.status_code, answer.headers.get("Location")) for answer in answers + later}
    assert len(given) == 1
    assert given.pop()[0] == 303
    assert bookings(database, wanted.slot) == 1
    assert len(audited(database, "book appointment")) == 1


@pytest.fixture
def database_without_key(mariadb_database: str) -> Iterator[tuple[str, Session]]:
    """A migrated database that allows a second appointment on a slot."""
    app = create_app(settings_for(mariadb_database))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    engine = create_engine(mariadb_database)
    with Session(engine, expire_on_commit=False, autoflush=False) as session:
        session.execute(text("ALTER TABLE appointment DROP INDEX uq_appointment_occupied_slot_id"))
        yield mariadb_database, session
    engine.dispose()


def twenty_want_one(app: Flask, url: str, session: Session, log: Path, walls_down: str) -> int:
    """How many of twenty get the slot without these safeguards."""
    with served_portal(
        url,
        log,
        application="tests.appointments.booking.portal_without_walls:app",
        WALLS_DOWN=walls_down,
    ) as address:
        wanted = a_wanted_slot(session)
        crowd = a_crowd(session, app, address, 20)
        page = f"/book/{wanted.slot.ref}"
        answers = all_at_once(crowd, page, forms_of(crowd, page))
        assert {answer.status_code for answer in answers} <= {303, 409}
        return bookings(session, wanted.slot)


def test_the_key_alone_keeps_the_second_patient_out(
    app: Flask, database_url: str, database: Session, tmp_path: Path
) -> None:
    log = tmp_path / "gunicorn.log"

    assert twenty_want_one(app, database_url, database, log, "condition") == 1


def test_the_condition_alone_keeps_the_second_patient_out(
    app: Flask, database_without_key: tuple[str, Session], tmp_path: Path
) -> None:
    url, session = database_without_key

    assert twenty_want_one(app, url, session, tmp_path / "gunicorn.log", "") == 1


def test_without_both_safeguards_these_tests_would_fail(
    app: Flask, database_without_key: tuple[str, Session], tmp_path: Path
) -> None:
    url, session = database_without_key

    assert twenty_want_one(app, url, session, tmp_path / "gunicorn.log", "condition") == 20
