"""Signing out while the database is away."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from portal.errors import Unavailable
from portal.models import SignInSession
from portal.settings.configuration import Settings
from portal.shared_files import SharedFiles
from portal.signin.sessions import actions
from portal.signin.sessions.leaving import FOLDER, take_in
from tests.builders import audited_deeds, contexts_for
from tests.signin.portal_flow import Visit, live_sessions


@pytest.fixture
def store(portal: Flask) -> Iterator[SharedFiles]:
    store: SharedFiles = portal.extensions["shared_files"]
    yield store
    for name in store.names(FOLDER):
        store.discard(name)


@pytest.fixture
def leaver(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Somebody who signs out while nothing can be asked of the database."""
    visit.sign_in()
    csrf_token = visit.csrf_token()

    def away(*_: object, **__: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(actions, "resume", away)
        answer = visit.browser.post("/sign-out", data={"csrf_token": csrf_token})
        assert answer.status_code == 200
        assert "url=" in answer.text
        yield visit


def bring_back(portal: Flask, engine: Engine, store: SharedFiles, *secrets: str) -> None:
    settings: Settings = portal.extensions["settings"]
    contexts = contexts_for(sessionmaker(engine, expire_on_commit=False), datetime.now(UTC))
    take_in(contexts, store=store, known_secrets=secrets or settings.secrets)


def test_the_browser_forgets_at_once_who_was_here(leaver: Visit, store: SharedFiles) -> None:
    with leaver.browser.session_transaction() as cookie:
        assert "_user_id" not in cookie
        assert "proof" not in cookie
    assert len(store.names(FOLDER)) == 1


def test_the_session_ends_when_the_database_is_back(
    leaver: Visit, portal: Flask, engine: Engine, store: SharedFiles, database: Session
) -> None:
    assert live_sessions(database) == 1

    for _ in range(2):
        bring_back(portal, engine, store)

    assert live_sessions(database) == 0
    assert audited_deeds(database).count("sign out") == 1
    assert store.names(FOLDER) == []


def test_the_note_names_nobody_and_cannot_be_forged(
    leaver: Visit, portal: Flask, engine: Engine, store: SharedFiles, database: Session
) -> None:
    (name,) = store.names(FOLDER)
    row = database.scalars(select(SignInSession)).one()
    assert row.token_hash.encode() not in store.get(name)

    bring_back(portal, engine, store, "a key that is not the portal's")

    assert live_sessions(database) == 1


def test_without_shared_files_the_cookie_is_forgotten_too(
    visit: Visit,
    store: SharedFiles,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    visit.sign_in()
    csrf_token = visit.csrf_token()

    def away(*_: object, **__: object) -> None:
        raise Unavailable

    monkeypatch.setattr(actions, "resume", away)
    monkeypatch.setattr(store, "put", away)

    assert visit.browser.post("/sign-out", data={"csrf_token": csrf_token}).status_code == 200
    with visit.browser.session_transaction() as cookie:
        assert "_user_id" not in cookie
    assert "a sign-out could not be noted" in caplog.text
