"""Somebody signing in to a portal whose provider is the standard one of these tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from urllib.parse import SplitResult, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import create_app
from portal.database import db
from portal.models import SignInSession
from portal.web.submissions import new_key
from tests.settings import settings_for
from tests.signin.standard_provider import CLIENT_ID, CLIENT_SECRET, StandardProvider


@contextmanager
def portal_with(
    provider: StandardProvider, database_url: str, **environment: str
) -> Iterator[Flask]:
    """A portal that is configured for the provider."""
    told = {
        "OIDC_PROVIDER": "standard",
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        **environment,
    }
    app = create_app(settings_for(database_url, **told))
    yield app
    with app.app_context():
        db.engine.dispose()


@dataclass
class Visit:
    """A browser's way through a sign-in, one step at a time."""

    browser: FlaskClient

    @classmethod
    def to(cls, app: Flask) -> "Visit":
        return cls(app.test_client())

    def start(self, path: str = "/sign-in/start") -> str:
        """The address at the provider to which the portal sends the browser."""
        answer = self.browser.get(path)
        assert answer.status_code == 302, answer.text
        return answer.location

    def at_provider(self, address: str) -> str:
        """The provider's way back: path and query of the portal's callback."""
        answer = requests.get(address, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"

    def sign_in(self, path: str = "/sign-in/start") -> TestResponse:
        """The portal's answer to the callback."""
        return self.browser.get(self.at_provider(self.start(path)))

    def csrf_token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.browser.get("/sign-ins").text)
        assert found
        return found[1]

    def post(self, path: str, **form: str) -> TestResponse:
        """What pressing a button of one of the portal's pages sends."""
        keys = {"csrf_token": self.csrf_token(), "submission": new_key()}
        return self.browser.post(path, data={**keys, **form})

    def sign_out(self) -> SplitResult:
        """Press the button; the address at the provider to which the page leads on."""
        answer = self.browser.post("/sign-out", data={"csrf_token": self.csrf_token()})
        assert answer.status_code == 200, answer.text
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
        assert found, answer.text
        return urlsplit(unescape(found[1]))


def refusal_in(log: pytest.LogCaptureFixture) -> str:
    """The one refusal of this test."""
    said = [one.getMessage() for one in log.records if one.name == "portal.signin"]
    [refusal] = [line for line in said if line.startswith("sign-in refused: ")]
    return refusal


def live_sessions(database: Session) -> int:
    database.rollback()
    ended = database.scalars(select(SignInSession.ended_at)).all()
    return ended.count(None)
