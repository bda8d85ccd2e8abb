"""The database hangs without ending: people are told at once, and no instance is taken out."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.database.bounded_pool import places_among
from portal.models import Account
from tests.builders import an_account
from tests.eventually import eventually
from tests.resilience.blocking import RELEASED, TAKEN
from tests.resilience.conftest import Hospitals
from tests.served_portal import Served, served

SECONDS = 60
THREADS = 4
PAGE = "/administration/clinics"
IN_A_STATEMENT = """
SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'portal' AND command = 'Query'
"""


@contextmanager
def standing_still(own_server: Hospitals) -> Iterator[None]:
    """Every write waits until the block ends."""
    connection = pymysql.connect(unix_socket=str(own_server.server.socket), user="root")
    with connection, connection.cursor() as cursor:
        cursor.execute("FLUSH TABLES WITH READ LOCK")
        yield


@pytest.fixture
def cookie(app: Flask, browser_of: Callable[[Account], FlaskClient], records: Session) -> str:
    """An administrator's."""
    cookie = browser_of(an_account(records, Role.ADMINISTRATOR)).get_cookie("portal")
    assert cookie is not None
    return cookie.value


@pytest.fixture
def patient(own_server: Hospitals, records: Session, tmp_path: Path) -> Iterator[Served]:
    """A portal whose statements never end by themselves."""
    url = own_server.url(own_server.server.port)
    application = "tests.resilience.blocking:patient_portal()"
    log = tmp_path / "log"
    with served(url, log, application=application, workers=1, threads=THREADS) as portal:
        yield portal


def asked(address: str, page: str, cookie: str = "") -> int:
    answer = requests.get(f"{address}{page}", cookies={"portal": cookie}, timeout=SECONDS)
    return answer.status_code


def test_while_some_threads_are_in_a_statement_the_others_serve(
    own_server: Hospitals, patient: Served, cookie: str
) -> None:
    address, places = patient.address, places_among(THREADS)
    assert asked(address, PAGE, cookie) == 200
    with ThreadPoolExecutor(THREADS) as people:
        with standing_still(own_server):
            held = [people.submit(asked, address, PAGE, cookie) for _ in range(places)]
            assert eventually(lambda: own_server.server.execute(IN_A_STATEMENT) == [(places,)])

            told = [asked(address, PAGE, cookie) for _ in range(2 * THREADS)]
            others = [asked(address, page) for page in ("/health/live", "/nowhere")]

            assert not any(one.done() for one in held)
        assert [one.result() for one in held] == [200] * places
    assert told == [503] * 2 * THREADS
    assert others == [200, 404]
    assert asked(address, PAGE, cookie) == 200


@dataclass(frozen=True)
class Blocked:
    """An instance all of whose request threads are in a request, and more of them wait."""

    instance: Served
    requests: list[Future[int]]
    door: Path
    """A file that lets all of them go, once it is there."""

    def says_that_it_lives(self) -> bool:
        try:
            return requests.get(f"{self.instance.address}/health/live", timeout=3).ok
        except requests.Timeout:
            return False

    def let_go(self) -> list[int]:
        assert not any(one.done() for one in self.requests)
        self.door.touch()
        return [one.result() for one in self.requests]


@pytest.fixture
def blocked(tmp_path: Path) -> Iterator[Blocked]:
    door, taken = tmp_path / "door", tmp_path / "taken"
    taken.mkdir()
    told: dict[str, Any] = {RELEASED: str(door), TAKEN: str(taken), "GUNICORN_TIMEOUT_SECONDS": "5"}
    application = "tests.resilience.blocking:app"
    with (
        served("", tmp_path / "log", application=application, workers=1, threads=2, **told) as one,
        ThreadPoolExecutor(4) as people,
    ):
        held = [people.submit(asked, one.address, "/") for _ in range(4)]
        try:
            assert eventually(lambda: len(list(taken.iterdir())) == 2)
            yield Blocked(one, held, door)
        finally:
            door.touch()


def test_health_is_answered_while_every_request_thread_is_held(blocked: Blocked) -> None:
    assert asked(blocked.instance.address, "/health/live") == 200
    assert blocked.let_go() == [200] * 4


def test_an_instance_whose_threads_never_finish_is_not_alive(blocked: Blocked) -> None:
    assert eventually(lambda: not blocked.says_that_it_lives())
    assert blocked.let_go() == [200] * 4
    assert asked(blocked.instance.address, "/health/live") == 200
