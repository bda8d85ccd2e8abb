"""By which names the portal may be asked."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import create_app
from portal.database import db
from portal.errors import ConfigurationError
from tests.settings import settings_for

OTHER = "evil.example"


@pytest.fixture(scope="module")
def behind_a_proxy(database_url: str) -> Iterator[Flask]:
    app = create_app(
        settings_for(
            database_url,
            PORTAL_URL="https://portal.example.org",
            PORTAL_HOSTS="old.example.org 10.0.0.7",
            TRUSTED_PROXIES="1",
        )
    )
    yield app
    app.extensions["shared_files"].close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def browser(behind_a_proxy: Flask) -> FlaskClient:
    return behind_a_proxy.test_client()


@pytest.mark.parametrize(
    "host", ["portal.example.org", "portal.example.org:443", "old.example.org", "10.0.0.7:8443"]
)
def test_its_own_names(browser: FlaskClient, host: str) -> None:
    assert browser.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", [OTHER, f"portal.example.org.{OTHER}", "bad host", "10.0.0.8"])
@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in//start", "/no-such-page", "/static/no-such-file", "/sign-out"]
)
def test_another_name_is_refused_in_plain_words(browser: FlaskClient, host: str, path: str) -> None:
    answer = browser.get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert "The portal has another address" in answer.text
    assert OTHER not in answer.text
    assert OTHER not in str(answer.headers)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_health_check_may_come_by_address(browser: FlaskClient, path: str) -> None:
    assert browser.get(path, headers={"Host": "10.1.2.3:8000"}).is_json


def test_a_forwarded_host_is_not_believed(browser: FlaskClient) -> None:
    answer = browser.get(
        "/sign-in//start", headers={"Host": "portal.example.org", "X-Forwarded-Host": OTHER}
    )

    assert answer.status_code == 308
    assert answer.location == "http://portal.example.org/sign-in/start"


def test_a_host_that_cannot_be_one_is_refused_at_the_start(database_url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"PORTAL_HOSTS holds 'https://a\.example'"):
        settings_for(database_url, PORTAL_HOSTS="https://a.example")
