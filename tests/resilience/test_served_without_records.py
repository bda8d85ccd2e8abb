"""What a real gunicorn answers while its database is away: always a page, never a broken connection."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask
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
def browser(app: Flask) -> Iterator[requests.Session]:
    """A browser with a session cookie, whose owner only the database knows."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    with requests.Session() as browser:
        cookie = signer.dumps({"_user_id": "a token", "_fresh": True})
        browser.cookies.set("portal", cookie)
        yield browser


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 503), ("/people", 503), ("/sign-in", 503), ("/nowhere", 404), ("/health/live", 200)],
)
def test_every_address_has_an_answer(
    portal: str, browser: requests.Session, line: Line, path: str, status: int
) -> None:
    line.cut()

    answer = browser.get(portal + path, timeout=SECONDS)

    assert answer.status_code == status
    assert path == "/health/live" or answer.text.rstrip().endswith("</html>")


def test_a_database_that_refuses_the_account_has_an_answer_too(
    portal: str, browser: requests.Session, own_server: Hospitals
) -> None:
    own_server.server.execute("ALTER USER `portal`@`%` IDENTIFIED BY 'another'")
    try:
        assert browser.get(f"{portal}/people", timeout=SECONDS).status_code == 503
    finally:
        own_server.server.execute(f"ALTER USER `portal`@`%` IDENTIFIED BY '{own_server.password}'")


def test_an_older_schema_has_an_answer_too(
    portal: str, browser: requests.Session, own_server: Hospitals
) -> None:
    own_server.server.execute("RENAME TABLE portal.sign_in_session TO portal.elsewhere")
    try:
        answer = browser.get(f"{portal}/people", timeout=SECONDS)
    finally:
        own_server.server.execute("RENAME TABLE portal.elsewhere TO portal.sign_in_session")

    assert answer.status_code == 503
    assert "The portal is being updated" in answer.text
