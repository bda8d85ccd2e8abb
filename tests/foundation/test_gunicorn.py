"""gunicorn.conf.py: what is logged about a request, and what can be configured."""

import json
import logging
import runpy
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from flask import Flask
from gunicorn.config import Config
from werkzeug.test import EnvironBuilder

from portal import ROOT
from portal.telemetry.logs import JsonLines
from portal.web.request_log import RequestLog
from tests.embedded_metrics import faults_of
from tests.served_portal import served_portal


def configuration() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "gunicorn.conf.py"))


@pytest.fixture
def request_log() -> Iterator[RequestLog]:
    yield RequestLog(Config())
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO)
    lines = JsonLines(hub="a-hub", zone="a-zone")
    return lambda: [lines.format(record) for record in caplog.records]


def asked(app: Flask, path: str) -> dict[str, Any]:
    """The environment of an answered request, with everything that may identify a person."""
    environ = EnvironBuilder(path, query_string="q=Okafor").get_environ() | {
        "RAW_URI": f"{path}?q=Okafor",
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_USER_AGENT": "A browser",
        "HTTP_REFERER": "http://elsewhere.example/?q=Okafor",
    }
    b"".join(app(environ, lambda *_: lambda _: None))
    return environ


def test_a_request_is_logged_by_its_route_without_anything_about_a_person(
    app: Flask, request_log: RequestLog, written: Callable[[], list[str]]
) -> None:
    environ = asked(app, "/patients/3f9b6f8c2d7e4a5b9c01")
    answer = SimpleNamespace(status="303 SEE OTHER", sent=12)
    request_log.access(answer, None, environ, timedelta(milliseconds=2))

    line = written()[-1]
    found = json.loads(line)
    assert faults_of(line) == []
    assert {name: found[name] for name in ("Route", "method", "status", "bytes")} == {
        "Route": "/patients/<string(length=20):patient_ref>",
        "method": "GET",
        "status": 303,
        "bytes": 12,
    }
    assert (found["RequestLatency"], found["ServerErrors"]) == (2.0, 0)
    assert not any(word in line for word in ("Okafor", "3f9b6f", "192.0.2.7", "browser"))


@pytest.mark.parametrize(("told", "found"), [("a1" * 16, "a1" * 16), ("Okafor", None)])
def test_the_id_of_a_request_is_logged_if_a_proxy_made_it(
    app: Flask,
    request_log: RequestLog,
    written: Callable[[], list[str]],
    told: str,
    found: str | None,
) -> None:
    environ = {**asked(app, "/sign-in"), "HTTP_X_REQUEST_ID": told}
    request_log.access(SimpleNamespace(status="200 OK"), None, environ, timedelta(0))

    assert json.loads(written()[-1]).get("RequestId") == found


@pytest.mark.parametrize("path", ["/nowhere/Okafor", "/patients/Okafor/unheard-of"])
def test_a_path_that_leads_nowhere_is_not_quoted(
    app: Flask, request_log: RequestLog, written: Callable[[], list[str]], path: str
) -> None:
    environ = asked(app, path)
    request_log.access(SimpleNamespace(status="404 NOT FOUND"), None, environ, timedelta(0))

    assert json.loads(written()[-1])["Route"] == "(none)"
    assert "Okafor" not in written()[-1]


def test_health_checks_are_written_and_not_measured(
    app: Flask, request_log: RequestLog, written: Callable[[], list[str]]
) -> None:
    environ = asked(app, "/health/live")
    request_log.access(SimpleNamespace(status="200 OK"), None, environ, timedelta(0))

    found = json.loads(written()[-1])
    assert found["Route"] == "/health/live"
    assert "_aws" not in found


def test_a_server_error_counts(
    app: Flask, request_log: RequestLog, written: Callable[[], list[str]]
) -> None:
    environ = asked(app, "/sign-in")
    request_log.access(SimpleNamespace(status="503 BUSY"), None, environ, timedelta(0))

    assert json.loads(written()[-1])["ServerErrors"] == 1


def test_gunicorn_quotes_no_request(
    request_log: RequestLog, written: Callable[[], list[str]]
) -> None:
    request_log.warning("Invalid request from ip=192.0.2.7: 'GET /patients?q=Okafor'")
    try:
        raise LookupError("Okafor")
    except LookupError:
        request_log.exception("Error handling request %s %s", "GET", "/patients?q=Okafor")

    unread, failed = (json.loads(line) for line in written())
    assert unread["message"] == "a request could not be read"
    assert (failed["message"], failed["error"]) == ("Error handling request", "LookupError")
    assert "Okafor" not in "".join(written())


def test_all_that_gunicorn_says_is_json_on_standard_output(
    database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with served_portal(database_url, log, workers=1) as address:
        requests.get(f"{address}/sign-in?next=Okafor", timeout=10)
        requests.get(f"{address}/health/ready", timeout=10)

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"gunicorn.error", "portal.telemetry.measures", "portal.web.request_log"} <= {
        line["logger"] for line in lines
    }
    measured = [line for line in lines if "_aws" in line]
    assert [line["Route"] for line in measured] == ["/sign-in"]
    assert faults_of(json.dumps(measured[0])) == []


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
