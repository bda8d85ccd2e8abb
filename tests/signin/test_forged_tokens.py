"""Each check of the ID token, by a provider that lies in exactly one respect."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Account, AuditEvent, SignInSession
from tests.signin.forgeries import CLAIMS, NOW, SIGNATURES
from tests.signin.portal_flow import Visit, portal_with
from tests.signin.standard_provider import (
    CLIENT_ID,
    StandardProvider,
    running_standard_provider,
)


@pytest.fixture(scope="module")
def _provider() -> Iterator[StandardProvider]:
    with running_standard_provider(path="/local_pool", algorithm="RS256") as provider:
        yield provider


@pytest.fixture(scope="module")
def cognito_portal(_provider: StandardProvider, database_url: str) -> Iterator[Flask]:
    with portal_with(_provider, database_url, OIDC_PROVIDER="cognito") as app:
        yield app


@pytest.fixture
def liar(
    _provider: StandardProvider, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StandardProvider]:
    """A Cognito-shaped provider. What a test makes it say is forgotten afterwards."""
    # So that the portal sees each key that a forgery publishes.
    monkeypatch.setattr("portal.signin.published.PAUSE", 0.0)
    _provider.claims = {"token_use": "id", "cognito:groups": ["doctor"]}
    yield _provider
    _provider.claims, _provider.forge, _provider.more_keys = {}, None, []


NO_TOKENS = ["", "not a token", "a.b", "a.b.c", "a.b.c.d.e", "é.é.é", 7, None, {"sub": "subject-1"}]


def assert_refused(
    app: Flask, session: Session, log: pytest.LogCaptureFixture, reason: str
) -> None:
    """One try: refused, told why in the log alone, nothing kept, a way back."""
    log.clear()
    visit = Visit.to(app)

    answer = visit.sign_in()

    assert answer.status_code == 400
    [entry] = [one for one in log.records if one.levelname == "WARNING"]
    assert entry.name == "portal.signin"
    assert reason in entry.getMessage()
    said = " ".join(record.getMessage() for record in log.records if record.name != "werkzeug")
    # How the claims of a signed token begin; a page's random nonce has no full stop.
    for private in ("Solheim", "ingrid", "subject-1", ".eyJ"):
        assert private not in answer.text
        assert private not in said
    assert "could not be trusted, so you are not signed in." in answer.text
    assert 'href="/sign-in"' in answer.text
    for table in (Account, SignInSession, AuditEvent):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert visit.browser.get("/sign-ins").location == "/sign-in?next=/sign-ins"


@pytest.mark.parametrize(("changes", "reason"), CLAIMS.values(), ids=CLAIMS)
def test_a_claim_that_is_wrong_keeps_somebody_out(
    liar: StandardProvider,
    cognito_portal: Flask,
    database: Session,
    caplog: pytest.LogCaptureFixture,
    changes: dict[str, Any],
    reason: str,
) -> None:
    liar.claims |= changes
    assert_refused(cognito_portal, database, caplog, reason)


@pytest.mark.parametrize(
    ("forge", "reason"), SIGNATURES.items(), ids=[forge.__name__ for forge in SIGNATURES]
)
def test_a_signature_that_is_wrong_keeps_somebody_out(
    liar: StandardProvider,
    cognito_portal: Flask,
    database: Session,
    caplog: pytest.LogCaptureFixture,
    forge: Any,
    reason: str,
) -> None:
    liar.forge = forge
    assert_refused(cognito_portal, database, caplog, reason)


@pytest.mark.parametrize("nothing", NO_TOKENS, ids=repr)
def test_what_is_no_token_keeps_somebody_out(
    liar: StandardProvider,
    cognito_portal: Flask,
    database: Session,
    caplog: pytest.LogCaptureFixture,
    nothing: Any,
) -> None:
    liar.forge = lambda *_: nothing
    assert_refused(cognito_portal, database, caplog, "oken")


RIGHT: dict[str, dict[str, Any]] = {
    "as it should be": {},
    "issued a second ahead of us": {"iat": NOW + 1},
    "ahead of us within the leeway": {"iat": NOW + 25, "nbf": NOW + 25},
    "one audience in a list": {"aud": [CLIENT_ID]},
    "several audiences, ours is azp": {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID},
    "no at_hash": {"at_hash": None},
    "the longest subject": {"sub": "s" * 255},
    "a subject of other makes": {"sub": "auth0|5f 7c"},
    "no groups": {"cognito:groups": None},
}


@pytest.mark.parametrize("changes", RIGHT.values(), ids=RIGHT)
def test_what_is_right_lets_somebody_in(
    liar: StandardProvider, cognito_portal: Flask, database: Session, changes: dict[str, Any]
) -> None:
    liar.claims |= changes

    answer = Visit.to(cognito_portal).sign_in()

    assert (answer.status_code, answer.location) == (302, "/")
    assert database.scalar(select(func.count()).select_from(SignInSession)) == 1


def test_a_clock_that_is_behind_by_less_than_the_leeway(
    liar: StandardProvider, cognito_portal: Flask, database: Session
) -> None:
    liar.claims |= {"exp": int(time.time()) - 20}

    assert Visit.to(cognito_portal).sign_in().location == "/"
