"""What a real gunicorn answers while its database is away: always a page, never a broken connection."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import requests
from sqlalchemy.orm import Session

from tests.resilience.conftest import Hospitals
from tests.resilience.line import Line
from tests.served_portal import served_portal

SECONDS = 30


@pytest.fixture
def portal(own_server: Hospitals, line: Line, records: Session, tmp_path: Path) -> Iterator[str]:
    url = own_server.url(line.port)
    log = tmp_path / "log"
    with served_portal(url, log, workers=1, DATABASE_PATIENCE_SECONDS="1") as address:
        yield address
    assert "Traceback" not in log.read_text()


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    """Of somebody with a cookie of the portal's: who they are only the database knows."""
    with requests.Session() as browser:
        yield browser


def signed_cookie(app_secret: str, **values: object) -> str:
    from flask import Flask
    from flask.sessions import SecureCookieSessionInterface

    app = Flask("portal")
    app.secret_key = app_secret
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps(values))


@pytest.mark.parametrize(
    ("path", "status"), [("/", 503), ("/people", 503), ("/nowhere", 404), ("/health/live", 200)]
)
def test_every_address_has_an_answer(
    portal: str, browser: requests.Session, line: Line, path: str, status: int
) -> None:
    from tests.settings import ENVIRONMENT

    cookie = signed_cookie(ENVIRONMENT["SECRET_KEY"], _user_id="a token", _fresh=True)
    browser.cookies.set("portal", cookie)
    line.cut()

    answer = browser.get(portal + path, timeout=SECONDS)

    assert answer.status_code == status
    assert "</html>" in answer.text or path == "/health/live"


def test_a_form_comes_back_with_what_was_typed(
    portal: str, browser: requests.Session, line: Line
) -> None:
    page = browser.get(f"{portal}/sign-in", timeout=SECONDS)
    assert page.status_code == 200
