"""What the health pages say, to a load balancer and to people."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import sessionmaker

from portal.shared_files import SharedFiles
from portal.web import health
from portal.worker.beats import beat
from tests.builders import contexts_for
from tests.resilience.conftest import Hospitals
from tests.resilience.line import Line


@pytest.fixture
def ready(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[int, dict[str, object]]]:
    """The page, which remembers nothing from before."""

    def ask() -> tuple[int, dict[str, object]]:
        monkeypatch.setattr(health, "_records", health._Records())
        answer = app.test_client().get("/health/ready")
        return answer.status_code, answer.get_json()

    return ask


def worker_was_seen(own_server: Hospitals, ago: timedelta = timedelta()) -> None:
    at = datetime.now(UTC) - ago
    for _ in range(2):
        beat(contexts_for(sessionmaker(own_server.owner), at))


def test_a_healthy_portal_says_so(
    own_server: Hospitals, ready: Callable[[], tuple[int, dict[str, object]]]
) -> None:
    worker_was_seen(own_server)

    well = {"status": "ready", "database": True, "worker": True, "shared_files": True}
    assert ready() == (200, well)


def test_a_silent_worker(
    own_server: Hospitals, ready: Callable[[], tuple[int, dict[str, object]]]
) -> None:
    worker_was_seen(own_server, timedelta(minutes=3))

    status, answers = ready()

    assert (status, answers["database"], answers["worker"]) == (503, True, False)


def test_a_database_that_is_away_hides_the_worker(
    line: Line, ready: Callable[[], tuple[int, dict[str, object]]]
) -> None:
    line.cut()

    status, answers = ready()

    assert (status, answers["database"], answers["worker"]) == (503, False, None)


def test_shared_files_that_do_not_answer(
    own_server: Hospitals,
    ready: Callable[[], tuple[int, dict[str, object]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker_was_seen(own_server)
    monkeypatch.setattr(SharedFiles, "lives", False)

    status, answers = ready()

    assert (status, answers["shared_files"], answers["database"]) == (503, False, True)


def test_the_load_balancers_check_depends_on_none_of_these(app: Flask, line: Line) -> None:
    line.darken()

    assert app.test_client().get("/health/live").status_code == 200


def test_a_thousand_waiting_pages_ask_the_database_once(
    app: Flask, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(health, "_records", health._Records())

    def ask() -> dict[str, bool]:
        asked.append(1)
        return {"database": True}

    monkeypatch.setattr(health, "_ask", ask)
    monkeypatch.setattr(health, "KNOWN_SECONDS", 600)
    browser = app.test_client()

    for _ in range(1000):
        browser.get("/health/ready")

    assert len(asked) == 1
