"""An instance that is told to stop: the load balancer sends people elsewhere before it does."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from tests.builders import an_account
from tests.resilience.conftest import Hospitals
from tests.served_portal import Served, served

SECONDS = 30
DRAIN = 4
CHECK_EVERY = 0.5
CHECK_SECONDS = 3


@contextmanager
def an_instance(own_server: Hospitals, log: Path, drain: int = DRAIN) -> Iterator[Served]:
    url = own_server.url(own_server.server.port)
    with served(url, log, workers=2, GUNICORN_DRAIN_SECONDS=str(drain)) as instance:
        yield instance


def health(instance: Served) -> int:
    """0 for no answer, or none in a load balancer's time."""
    try:
        return requests.get(f"{instance.address}/health/live", timeout=CHECK_SECONDS).status_code
    except (requests.ConnectionError, requests.Timeout):
        return 0


def until(status: int, instance: Served) -> None:
    deadline = time.monotonic() + SECONDS
    while health(instance) != status:
        assert time.monotonic() < deadline, f"/health/live never answered {status}"
        time.sleep(0.05)


def test_it_fails_its_health_check_serves_on_and_then_stops(
    own_server: Hospitals, records: Session, tmp_path: Path
) -> None:
    with an_instance(own_server, tmp_path / "log") as instance:
        until(200, instance)
        os.kill(instance.pid, signal.SIGTERM)
        until(503, instance)
        assert requests.get(f"{instance.address}/sign-in", timeout=SECONDS).status_code == 200
        until(0, instance)


def test_a_second_signal_ends_the_wait(
    own_server: Hospitals, records: Session, tmp_path: Path
) -> None:
    with an_instance(own_server, tmp_path / "log", drain=600) as instance:
        until(200, instance)
        os.kill(instance.pid, signal.SIGTERM)
        until(503, instance)
        os.kill(instance.pid, signal.SIGTERM)
        until(0, instance)


@dataclass
class Balancer:
    """A load balancer: asks each instance how it is, and sends people only to those that are well."""

    instances: list[Served]
    well: list[Served] = field(default_factory=list)
    ended: Event = field(default_factory=Event)
    turn: int = 0

    def check(self) -> None:
        failed = dict.fromkeys(self.instances, 0)
        while not self.ended.wait(CHECK_EVERY):
            for instance in list(self.instances):
                failed[instance] = 0 if health(instance) == 200 else failed.get(instance, 0) + 1
            # As a target group does: out after the second failure.
            self.well = [one for one in list(self.instances) if failed.get(one, 0) < 2]

    def next(self) -> Served:
        self.turn += 1
        # When none is well, a load balancer takes them all for well.
        among = self.well or list(self.instances)
        return among[self.turn % len(among)]


@pytest.fixture
def cookie(app: Flask, browser_of: Callable[[Account], FlaskClient], records: Session) -> str:
    """Of somebody who is signed in."""
    cookie = browser_of(an_account(records, Role.RECEPTION)).get_cookie("portal")
    assert cookie is not None
    return cookie.value


def test_a_rolling_restart_under_load_shows_no_error_to_anybody(
    own_server: Hospitals, cookie: str, tmp_path: Path
) -> None:
    with ExitStack() as old, ExitStack() as new:
        instances = [
            old.enter_context(an_instance(own_server, tmp_path / f"old-{number}"))
            for number in range(2)
        ]
        for instance in instances:
            until(200, instance)
        balancer = Balancer(list(instances), list(instances))
        checking = Thread(target=balancer.check)
        checking.start()
        answers: list[int] = []

        def visit() -> None:
            while not balancer.ended.is_set():
                address = balancer.next().address
                # A new connection each time, so that nothing is retried without the test seeing it.
                try:
                    page = requests.get(
                        f"{address}/patients", cookies={"portal": cookie}, timeout=SECONDS
                    )
                    answers.append(page.status_code)
                except requests.RequestException:
                    answers.append(0)
                time.sleep(0.02)

        with ThreadPoolExecutor(6) as visitors:
            try:
                for _ in range(6):
                    visitors.submit(visit)
                for number, leaving in enumerate(instances):
                    started = new.enter_context(an_instance(own_server, tmp_path / f"new-{number}"))
                    until(200, started)
                    balancer.instances.append(started)
                    time.sleep(2 * CHECK_EVERY)
                    os.kill(leaving.pid, signal.SIGTERM)
                    until(0, leaving)
                    balancer.instances.remove(leaving)
            finally:
                balancer.ended.set()
                checking.join()

        assert len(answers) > 50
        assert set(answers) == {200}
