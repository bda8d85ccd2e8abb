"""People who are signed in to a measured hospital, and the requests that their browsers send."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.context import Context
from portal.models import Account
from portal.settings.hospital import Hospital
from portal.signin.sessions.actions import NewSession, begin
from portal.signin.sessions.rules import SignedIn
from portal.web import submissions
from tests.bench.client import Request


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser in which somebody is signed in, and the token for its forms."""

    cookie: str
    csrf_token: str

    def get(self, path: str, words: str) -> Request:
        """Requests a page that must contain these words."""
        return Request(self._head("GET", path) + b"\r\n", 200, words.encode())

    def post(self, path: str, fields: Mapping[str, str]) -> Request:
        """Sends a form. The answer must be a redirect."""
        keys = {"csrf_token": self.csrf_token, submissions.FIELD: submissions.new_key()}
        body = urlencode({**keys, **fields}).encode()
        head = (
            self._head("POST", path)
            + (
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode()
        )
        return Request(head + body, 303)

    def _head(self, method: str, path: str) -> bytes:
        return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n".encode()


def sign_in(app: Flask, database: Session, account_ids: Iterable[int]) -> dict[int, Browser]:
    """Begins a session for each account; browsers by account id. Commits."""
    hospital = app.extensions["settings"].hospital
    accounts = database.scalars(select(Account).where(Account.id.in_(list(account_ids))))
    users = {account.id: _session_of(database, account, hospital) for account in accounts}
    database.commit()
    return {account_id: _browser(app, user.get_id()) for account_id, user in users.items()}


def _session_of(database: Session, account: Account, hospital: Hospital) -> SignedIn:
    context = Context(database, account.actor(), hospital, datetime.now(UTC))
    return begin(context, NewSession(browser="Bench"))


def _browser(app: Flask, token: str) -> Browser:
    with app.test_request_context():
        csrf_token = generate_csrf()
        interface: Any = app.session_interface
        signer = interface.get_signing_serializer(app)
        cookie = signer.dumps({**session, "_user_id": token, "_fresh": True})
    return Browser(f"{app.config['SESSION_COOKIE_NAME']}={cookie}", csrf_token)
