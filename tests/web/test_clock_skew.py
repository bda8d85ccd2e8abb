"""An instance whose clock is a little ahead signs what the others accept."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from portal.web import sealing
from tests.appointments.pages import press
from tests.builders import actor_of, an_account

HALF_A_DAY = 12 * 3600


@pytest.mark.parametrize(("ahead", "status"), [(80, 303), (200, 400)])
def test_a_form_of_an_instance_that_is_ahead_is_taken_by_another(
    database: Session,
    sign_in: Callable[[Account], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    ahead: int,
    status: int,
) -> None:
    account = an_account(database, Role.RECEPTION)
    database.commit()
    with monkeypatch.context() as there:
        there.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) + ahead)
        browser = sign_in(account)
        page = browser.get("/patients")
        assert page.status_code == 200
        with browser.session_transaction() as cookie:
            cookie.modified = True

    assert press(browser, page, "Search", text="amina").status_code == status


@pytest.mark.parametrize(
    ("signed", "words"),
    [(80, "amina"), (200, None), (-HALF_A_DAY + 60, "amina"), (-HALF_A_DAY - 60, None)],
)
def test_sealed_words_of_an_instance_that_is_ahead_are_read(
    app: Flask, database: Session, signed: int, words: str | None
) -> None:
    by = actor_of(an_account(database, Role.RECEPTION))
    with app.app_context():
        fernet = sealing._fernet()
        sealed = fernet.encrypt_at_time(f"{by.ref} amina".encode(), int(time.time()) + signed)

        assert sealing.unseal(sealed.decode(), by=by) == words
