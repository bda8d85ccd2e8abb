"""The portal behind nginx is busy, stops or dies: its answers are passed on, and nothing is sent twice."""

import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.eventually import eventually
from tests.proxied_portal import proxied
from tests.proxy.conftest import asked
from tests.resilience.blocking import RELEASED, TAKEN


def test_an_instance_that_leaves_says_so(database_url: str, tmp_path: Path) -> None:
    with proxied(database_url, tmp_path, GUNICORN_DRAIN_SECONDS="600") as instance:
        assert asked(instance, "/health/live").status == 200
        os.kill(instance.portal.pid, signal.SIGTERM)
        assert eventually(lambda: asked(instance, "/health/live").status == 503)
        assert asked(instance, "/sign-in").status == 200
        os.kill(instance.portal.pid, signal.SIGTERM)


def test_without_the_portal_nobody_says_that_it_lives(database_url: str, tmp_path: Path) -> None:
    with proxied(database_url, tmp_path) as instance:
        os.kill(instance.portal.pid, signal.SIGKILL)
        os.waitpid(instance.portal.pid, 0)
        assert eventually(lambda: asked(instance, "/health/live").status == 502)
        page = asked(instance, "/sign-in", method="POST", body="x=1")
        assert (page.status, page.headers["Retry-After"]) == (502, "5")
        assert "We’ll be back in a moment" in page.body.decode()
        assert page.headers["Cache-Control"] == "no-store"


def test_nothing_is_sent_twice(tmp_path: Path) -> None:
    """A portal that dies while it handles a form may have done the work."""
    taken = tmp_path / "taken"
    taken.mkdir()
    told: dict[str, Any] = {RELEASED: str(tmp_path / "door"), TAKEN: str(taken)}
    with proxied("", tmp_path, application="tests.proxy.dying:app", **told) as instance:
        assert asked(instance, "/", method="POST", body="x=1").status == 502
        assert eventually(lambda: asked(instance, "/health/live").status == 200)
        assert len(list(taken.iterdir())) == 1


def test_it_stops_when_it_has_finished(tmp_path: Path) -> None:
    door, taken = tmp_path / "door", tmp_path / "taken"
    taken.mkdir()
    told: dict[str, Any] = {RELEASED: str(door), TAKEN: str(taken)}
    application = "tests.resilience.blocking:app"
    with (
        proxied("", tmp_path, application=application, **told) as instance,
        ThreadPoolExecutor(1) as people,
    ):
        answer = people.submit(lambda: asked(instance, "/").status)
        assert eventually(lambda: len(list(taken.iterdir())) == 1)
        os.kill(instance.pid, signal.SIGQUIT)
        assert eventually(lambda: not listens(instance.port))
        assert not answer.done()
        door.touch()
        assert answer.result() == 200


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
