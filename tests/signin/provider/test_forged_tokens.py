"""Each check of the ID token, with a provider that gets exactly one thing wrong."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Account, AuditEvent, SignInSession
from tests.signin.portal_flow import Visit, portal_with
from tests.signin.provider.forgeries import CLAIMS, NOW, SIGNATURES
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
    monkeypatch.setattr("portal.signin.provider.published.PAUSE", 0.0)
    _provider.claims = {"token_use": "id", "cognito:groups": ["doctor"]}
    yield _provider
    _provider.claims, _provider.forge, _provider.more_keys = {}, None, []


NO_TOKENS = ["", "not a token", "a.b", "a.b.c", "a.b.c.d.e", "é.é.é", 7, None, {"sub": "subject-1"}]


def assert_refused(
    app: Flask, session: Session, log: pytest.LogCaptureFixture, reason: str
) -> None:
    """One attempt: it is refused, the reason is only in the log, nothing is saved, the page leads on."""
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
def test_a_wrong_claim_is_refused(
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
    ("claim", "seconds", "warned"),
    [
        *(("iat", 20, False), ("iat", 80, True), ("nbf", 80, True), ("exp", -20, False)),
        ("exp", -80, True),
    ],
)
def test_clocks_may_differ_and_the_log_warns_before_that_keeps_anybody_out(
    liar: StandardProvider,
    cognito_portal: Flask,
    database: Session,
    caplog: pytest.LogCaptureFixture,
    claim: str,
    seconds: int,
    warned: bool,
) -> None:
    liar.claims |= {claim: int(time.time()) + seconds}

    assert Visit.to(cognito_portal).sign_in().status_code == 302
    assert ("our clock and the provider's differ by" in caplog.text) is warned


@pytest.mark.parametrize(
    ("forge", "reason"), SIGNATURES.items(), ids=[forge.__name__ for forge in SIGNATURES]
)
def test_a_wrong_signature_is_refused(
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
def test_anything_but_a_token_is_refused(
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
def test_a_correct_token_is_accepted(
    liar: StandardProvider, cognito_portal: Flask, database: Session, changes: dict[str, Any]
) -> None:
    liar.claims |= changes

    answer = Visit.to(cognito_portal).sign_in()

    assert (answer.status_code, answer.location) == (302, "/")
    assert database.scalar(select(func.count()).select_from(SignInSession)) == 1


def test_a_clock_that_is_behind_by_less_than_the_leeway_is_accepted(
    liar: StandardProvider, cognito_portal: Flask, database: Session
) -> None:
    liar.claims |= {"exp": int(time.time()) - 20}

    assert Visit.to(cognito_portal).sign_in().location == "/"
