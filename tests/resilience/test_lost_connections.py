"""The database goes away under a request, and comes back: nothing is lost, nothing is done twice."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Timer

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.database import bounded_pool
from portal.database.bounded_pool import places_among
from portal.database.connecting import CONNECT_SECONDS, STATEMENT_SECONDS
from portal.models import Account, Location, Submission
from portal.web.submissions import new_key
from tests.builders import an_account
from tests.resilience.conftest import PATIENCE, THREADS, Hospitals
from tests.resilience.line import Line, seconds_of

FOUND = "/administration/clinics/new"
PLACES = places_among(THREADS)
LONGEST = PATIENCE + CONNECT_SECONDS + 2 * STATEMENT_SECONDS
Browsers = Callable[[Account], FlaskClient]


@pytest.fixture
def browser(browser_of: Browsers, records: Session) -> FlaskClient:
    """An administrator's, whose portal has a connection in its pool."""
    browser = browser_of(an_account(records, Role.ADMINISTRATOR))
    assert browser.get("/administration/clinics").status_code == 200
    return browser


def found(browser: FlaskClient, name: str, key: str = "") -> tuple[int, str | None]:
    form = {"name": name, "phone": "01632 960 200", "submission": key or new_key()}
    answer = browser.post(FOUND, data=form)
    return answer.status_code, answer.location


def clinics(records: Session) -> list[str]:
    records.rollback()
    return list(records.scalars(select(Location.name).order_by(Location.name)))


def test_a_page_does_not_notice_that_its_connection_broke(browser: FlaskClient, line: Line) -> None:
    line.break_all()

    assert browser.get("/administration/clinics").status_code == 200


def test_a_form_is_done_once_on_another_connection(
    browser: FlaskClient, line: Line, records: Session
) -> None:
    line.break_all()

    assert found(browser, "North")[0] == 303
    assert clinics(records) == ["North"]


def test_a_lost_reply_to_a_commit_is_answered_by_the_key(
    browser: FlaskClient, line: Line, records: Session
) -> None:
    line.lose_replies_of_commits()

    status, location = found(browser, "North")

    assert line.swallowed.is_set()
    assert status == 303
    assert clinics(records) == ["North"]
    assert records.scalars(select(Submission.location)).all() == [location]
    with browser.session_transaction() as cookie:
        assert len(cookie["_flashes"]) == 1


def test_replies_lost_again_and_again_leave_one_clinic_and_one_answer(
    browser: FlaskClient, line: Line, records: Session
) -> None:
    key = new_key()
    line.lose_replies_of_commits(2)
    answers = [found(browser, "North", key) for _ in range(2)]

    assert answers[-1][0] == 303
    assert clinics(records) == ["North"]
    assert records.scalar(select(func.count()).select_from(Submission)) == 1


def test_a_wait_within_the_patience_is_not_noticed(
    browser: FlaskClient, line: Line, records: Session
) -> None:
    line.cut()
    Timer(1, line.open).start()

    assert found(browser, "North")[0] == 303
    assert clinics(records) == ["North"]


def test_a_server_that_takes_no_writes_is_waited_out(
    browser: FlaskClient, own_server: Hospitals, records: Session
) -> None:
    own_server.server.execute("SET GLOBAL read_only = ON")
    back = Timer(1, own_server.server.execute, ["SET GLOBAL read_only = OFF"])
    back.start()
    try:
        assert found(browser, "North")[0] == 303
        assert browser.get("/administration/clinics").status_code == 200
    finally:
        back.join()
    assert clinics(records) == ["North"]


def test_a_page_does_not_come_from_a_server_that_takes_no_writes(
    browser: FlaskClient, own_server: Hospitals
) -> None:
    """Each page writes its audit entry, so the pool of an old primary is of no use."""
    own_server.server.execute("SET GLOBAL read_only = ON")
    try:
        assert browser.get("/administration/clinics").status_code == 503
    finally:
        own_server.server.execute("SET GLOBAL read_only = OFF")
    assert browser.get("/administration/clinics").status_code == 200


@pytest.mark.parametrize("fault", [Line.cut, Line.darken])
def test_nobody_waits_longer_than_the_deadline(
    browser: FlaskClient, line: Line, fault: Callable[[Line], None]
) -> None:
    fault(line)
    started = time.monotonic()

    answer = browser.get("/administration/clinics")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert seconds_of(started) < LONGEST


def test_a_few_wait_and_the_others_are_told_at_once(
    browser_of: Browsers, records: Session, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = an_account(records, Role.ADMINISTRATOR)
    browsers = [browser_of(account) for _ in range(2 * PLACES)]
    line.cut()
    assert browsers[0].get("/administration/clinics").status_code == 503
    told_at_once: list[object] = []
    monkeypatch.setattr(bounded_pool, "SLOW_AFTER", 0.5)  # sooner than the patience of those inside
    monkeypatch.setattr(bounded_pool, "measured", lambda *_, **values: told_at_once.append(values))

    with ThreadPoolExecutor(len(browsers)) as threads:
        answers = list(threads.map(lambda one: one.get("/administration/clinics"), browsers))

    assert {answer.status_code for answer in answers} == {503}
    assert len(told_at_once) == len(browsers) - PLACES


def test_after_an_outage_the_first_write_is_a_good_one(
    browser: FlaskClient, line: Line, records: Session
) -> None:
    line.cut()
    assert found(browser, "North")[0] == 503
    line.open()

    assert found(browser, "South")[0] == 303
    assert clinics(records) == ["South"]
