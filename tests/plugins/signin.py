"""Fixtures: a portal that really listens, a sign-in beside it, and signing in through the real pages."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from portal import create_app
from portal.database import db
from portal.signin.development_cognito.people import NamedPerson
from portal.signin.development_cognito.settings import DevelopmentCognitoSettings
from portal.signin.views import CALLBACK
from tests.settings import settings_for
from tests.signin.provider import running_provider


@dataclass(frozen=True)
class LivePortal:
    """A portal on loopback. `cognito` is where its people sign in."""

    url: str
    app: Flask
    cognito: DevelopmentCognitoSettings


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A socket on a free port of loopback and its address, known before what will serve it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen(128)
        yield found, f"http://127.0.0.1:{found.getsockname()[1]}"


@contextmanager
def serving(app: WSGIApplication, found: socket.socket) -> Iterator[None]:
    """The application behind the socket, each request in a thread of its own."""
    server = make_server("127.0.0.1", 0, _held(app), threaded=True, fd=found.fileno())
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _held(app: WSGIApplication) -> WSGIApplication:
    """Each answer whole in memory: Werkzeug leaves a file open when a browser goes away meanwhile."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return list(parts)

    return answer


@contextmanager
def live_portal_over(database_url: str, **environment: str) -> Iterator[LivePortal]:
    """A portal over the database with a development Cognito of its own."""
    with listening() as (found, url):
        addresses = {"callback_urls": (url + CALLBACK,), "logout_urls": (f"{url}/signed-out",)}
        with running_provider(**addresses) as cognito:
            told = {
                "PORTAL_URL": url,
                "OIDC_ISSUER": cognito.issuer,
                "OIDC_CLIENT_ID": cognito.client_id,
                "OIDC_CLIENT_SECRET": cognito.client_secret,
            }
            app = create_app(settings_for(database_url, **told, **environment))
            with serving(app, found):
                yield LivePortal(url, app, cognito)
            with app.app_context():
                db.engine.dispose()


@pytest.fixture(scope="session")
def _live_portal(database_url: str) -> Iterator[LivePortal]:
    with live_portal_over(database_url) as live:
        yield live


@pytest.fixture
def live_portal(_live_portal: LivePortal, database: Session) -> LivePortal:
    """The worker's listening portal; its tables are emptied after the test."""
    return _live_portal


@pytest.fixture
def development_cognito(live_portal: LivePortal) -> DevelopmentCognitoSettings:
    """Where the people of `live_portal` sign in."""
    return live_portal.cognito


def sign_in_as(page: Page, person: NamedPerson, portal_url: str) -> None:
    """Sign in on the real pages, from the portal's front door to the first page behind it."""
    page.goto(f"{portal_url}/sign-in")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name=f"Sign in as {person.name}").click()
    page.get_by_role("button", name="Sign out", exact=True).wait_for()
