"""gunicorn.conf.py: what is logged of a request, and what can be set from outside."""

import json
import runpy
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from portal import ROOT


def configuration() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "gunicorn.conf.py"))


def test_the_access_log_holds_no_query_address_or_browser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = configuration()["AccessLog"](Config())
    lines: list[str] = []
    monkeypatch.setattr(log.access_log, "info", lines.append)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": '/patients/a"b\\c',
        "QUERY_STRING": "q=Okafor",
        "RAW_URI": "/patients?q=Okafor",
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_USER_AGENT": "A browser",
        "HTTP_REFERER": "http://elsewhere.example/?q=Okafor",
    }

    log.access(
        SimpleNamespace(status="404 NOT FOUND", sent=12), None, environ, timedelta(milliseconds=2)
    )

    entry = json.loads(lines[0])
    assert datetime.fromisoformat(entry.pop("at")).tzinfo is not None
    assert entry == {
        "method": "GET",
        "path": '/patients/a"b\\c',
        "status": 404,
        "bytes": 12,
        "milliseconds": 2.0,
    }


def test_each_figure_can_be_set_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "GUNICORN_BIND": "127.0.0.1:9000",
        "GUNICORN_WORKERS": "3",
        "GUNICORN_THREADS": "5",
        "GUNICORN_KEEPALIVE_SECONDS": "90",
        "GUNICORN_TIMEOUT_SECONDS": "40",
        "GUNICORN_GRACEFUL_SECONDS": "20",
        "GUNICORN_CONTROL_SOCKET": "/run/portal/gunicorn.ctl",
    }.items():
        monkeypatch.setenv(name, value)

    found = configuration()

    assert (found["bind"], found["workers"], found["threads"]) == ("127.0.0.1:9000", 3, 5)
    assert (found["keepalive"], found["timeout"], found["graceful_timeout"]) == (90, 40, 20)
    assert (found["control_socket"], found["control_socket_disable"]) == (
        "/run/portal/gunicorn.ctl",
        False,
    )


def test_without_a_path_there_is_no_control_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUNICORN_CONTROL_SOCKET", raising=False)

    assert configuration()["control_socket_disable"] is True


def test_gunicorn_knows_every_name_that_is_set() -> None:
    known = Config().settings
    chosen = {
        name
        for name, value in configuration().items()
        if name.islower() and not name.startswith("_") and isinstance(value, (str, int, bool))
    }

    assert len(chosen) > 8
    assert chosen <= known.keys()
    assert configuration()["logger_class"] is not None
