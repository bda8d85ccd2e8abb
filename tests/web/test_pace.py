"""One account can't fill the audit trail by opening pages without end."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app
from portal.access import Role
from portal.database import db
from portal.errors import TooMany
from portal.models import Account
from portal.web.pace import Pace
from tests.builders import an_account, audited, signed_in
from tests.settings import settings_for

ALLOWED = 60


@pytest.fixture
def strict(database_url: str) -> Iterator[Flask]:
    app = create_app(settings_for(database_url, PAGES_PER_MINUTE=str(ALLOWED)))
    yield app
    app.extensions["shared_files"].close()
    with app.app_context():
        db.engine.dispose()


def browser_of(app: Flask, database: Session, account: Account) -> FlaskClient:
    token = signed_in(database, account).get_id()
    database.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


@pytest.mark.parametrize("address", ["/sign-ins", "/administration/staff"])
def test_beyond_the_limit_nothing_is_opened_or_noted(
    strict: Flask, database: Session, address: str
) -> None:
    """Neither what they may open nor what is refused to them."""
    browser = browser_of(strict, database, an_account(database, Role.PATIENT))
    other = browser_of(strict, database, an_account(database, Role.PATIENT))

    answers = [browser.get(address) for _ in range(ALLOWED + 5)]

    assert [one.status_code for one in answers[ALLOWED:]] == [429] * 5
    assert "very many pages within a minute" in answers[-1].text
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert len(audited(database)) <= ALLOWED
    assert other.get("/sign-ins").status_code == 200


def test_the_next_minute_begins_anew() -> None:
    now = [0.0]
    pace = Pace(2, lambda: now[0])
    for _ in range(2):
        pace.count("a")
    with pytest.raises(TooMany) as refusal:
        pace.count("a")
    assert refusal.value.retry_after == 60

    now[0] = 60.0
    pace.count("a")
