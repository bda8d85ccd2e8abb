"""How cookies are signed, and what happens to them when the key is changed."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import create_app
from portal.access import Role
from portal.database import db
from portal.models import Account
from portal.signin.provider.cookies import know_browser, known_browser, name
from tests.builders import an_account, signed_in
from tests.settings import settings_for

OLD, NEW = "the-key-of-before-which-is-long-enough", "the-key-of-today-which-is-long-enough"


@contextmanager
def portal_with_keys(database_url: str, **keys: str) -> Iterator[Flask]:
    app = create_app(settings_for(database_url, **keys))
    yield app
    app.extensions["shared_files"].close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    with portal_with_keys(database_url, SECRET_KEY=OLD) as app:
        yield app


@pytest.fixture
def token(database: Session) -> str:
    """Of somebody who is signed in."""
    user = signed_in(database, an_account(database, Role.PATIENT))
    database.commit()
    return user.get_id()


def cookie_for(app: Flask, token: str, interface: SecureCookieSessionInterface) -> str:
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps({"_user_id": token, "_fresh": True}))


def is_in(app: Flask, cookie: str) -> bool:
    browser = app.test_client()
    browser.set_cookie("portal", cookie)
    return browser.get("/sign-ins").status_code == 200


def test_the_cookie_is_signed_with_sha256(app: Flask, token: str) -> None:
    cookie = cookie_for(app, token, app.session_interface)  # type: ignore[arg-type]
    signed, _, signature = cookie.rpartition(".")

    key = hmac.digest(OLD.encode(), b"cookie-session", hashlib.sha256)
    expected = hmac.digest(key, signed.encode(), hashlib.sha256)
    assert urlsafe_b64decode(signature + "=") == expected
    assert is_in(app, cookie)


def test_a_cookie_of_the_release_before_is_accepted(app: Flask, token: str) -> None:
    cookie = cookie_for(app, token, SecureCookieSessionInterface())

    assert is_in(app, cookie)
    assert not is_in(app, f"{cookie[:-3]}AAA")


def test_a_cookie_of_the_key_before_is_accepted_for_as_long_as_that_is_named(
    app: Flask, database_url: str, token: str
) -> None:
    cookie = cookie_for(app, token, app.session_interface)  # type: ignore[arg-type]

    with portal_with_keys(database_url, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=OLD) as changed:
        assert is_in(changed, cookie)
    with portal_with_keys(database_url, SECRET_KEY=NEW) as forgotten:
        assert not is_in(forgotten, cookie)


def test_while_the_key_is_changed_both_kinds_of_instance_accept_what_either_signs(
    database_url: str, token: str
) -> None:
    with (
        portal_with_keys(database_url, SECRET_KEY=OLD, SECRET_KEY_FALLBACKS=NEW) as first,
        portal_with_keys(database_url, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=OLD) as second,
    ):
        for signing, asked in ((first, second), (second, first)):
            cookie = cookie_for(signing, token, signing.session_interface)  # type: ignore[arg-type]
            assert is_in(asked, cookie)


def test_a_form_that_was_open_when_the_key_was_changed_can_be_sent(
    app: Flask, database_url: str, database: Session, sign_in: Callable[[Account], FlaskClient]
) -> None:
    browser = sign_in(an_account(database, Role.PATIENT))
    page = browser.get("/sign-ins").text
    csrf_token = page.split('name="csrf_token" value="')[1].split('"')[0]
    cookie = browser.get_cookie("portal")
    assert cookie is not None

    with portal_with_keys(database_url, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=OLD) as changed:
        other = changed.test_client()
        other.set_cookie("portal", cookie.value)
        assert other.post("/session/stay", data={"csrf_token": csrf_token}).status_code == 200
        assert other.post("/session/stay", data={"csrf_token": "forged"}).status_code == 400


def test_the_mark_of_a_browser_follows_the_same_rules(app: Flask, database_url: str) -> None:
    of_before = "ImFiYyI"  # "abc", as JSON in Base64
    key = hashlib.sha1(b"browsersigner" + OLD.encode()).digest()  # noqa: S324 (as it was)
    signature = hmac.digest(key, of_before.encode(), hashlib.sha1)
    text = signature_text(signature)
    with portal_with_keys(database_url, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=OLD) as changed:
        for said, mark in ((f"{of_before}.{text}", "abc"), (f"{of_before}.AAAA", None)):
            with changed.test_request_context(headers={"Cookie": f"browser={said}"}):
                assert known_browser() == mark


def test_over_https_each_cookie_is_bound_to_its_host(app: Flask, database_url: str) -> None:
    with portal_with_keys(database_url, PORTAL_URL="https://portal.example.org") as secure:
        assert secure.config["SESSION_COOKIE_NAME"] == "__Host-portal"
        with secure.test_request_context():
            answer = Response()
            know_browser(answer)
            assert name() == "__Host-browser"
            assert answer.headers["Set-Cookie"].startswith("__Host-browser=")
            assert "; Secure; HttpOnly; Path=/; SameSite=Lax" in answer.headers["Set-Cookie"]


def signature_text(signature: bytes) -> str:
    return urlsafe_b64encode(signature).rstrip(b"=").decode()
