"""The shared file system keeps no file from somebody who may not add it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.models import Account, SignInSession
from portal.shared_files import SharedFiles
from portal.web import upload_gate
from tests.appointments.pages import Form
from tests.documents.conftest import Browse, Family
from tests.documents.sample_files import a_pdf
from tests.documents.sending import send, the_form

LETTER = ("letter.pdf", a_pdf())
NOBODY = "0" * 20


def ahead(client: FlaskClient, address: str, form: Form) -> TestResponse:
    """Sends a file before its form, as the script does."""
    return send(client, type(form)(f"{address}/new/files", form.fields), LETTER)


def end_session(database: Session, family: Family) -> None:
    database.execute(update(SignInSession).values(ended_at=SignInSession.created_at))


def let_session_run_out_long_ago(database: Session, family: Family) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    database.execute(update(SignInSession).values(last_seen_at=yesterday))


def disable_account(database: Session, family: Family) -> None:
    disabled = update(Account).where(Account.id == family.mother.id)
    database.execute(disabled.values(disabled_at=datetime.now(UTC)))


def want_second_step(database: Session, family: Family) -> None:
    database.execute(update(SignInSession).values(needs_second_step=True))


@pytest.mark.parametrize(
    "meanwhile",
    [end_session, let_session_run_out_long_ago, disable_account, want_second_step],
)
def test_somebody_who_may_no_longer_act_leaves_no_file(
    family: Family,
    mother: FlaskClient,
    database: Session,
    store: SharedFiles,
    meanwhile: Callable[[Session, Family], None],
) -> None:
    form = the_form(mother, family.address)
    meanwhile(database, family)
    database.commit()

    send(mother, form, LETTER)
    ahead(mother, family.address, form)

    assert list(store.kept()) == []
    assert store.staged(form.fields["submission"]) == []


def test_a_record_that_is_not_the_senders_accepts_no_file(
    family: Family, mother: FlaskClient, sign_in: Browse, store: SharedFiles
) -> None:
    form = the_form(mother, family.address)
    for patient_ref in (NOBODY, family.stranger.ref):
        address = f"/patients/{patient_ref}/documents"
        assert ahead(mother, address, form).status_code == 404
    assert list(store.kept()) == []


def test_after_the_days_files_nothing_is_kept(
    family: Family, mother: FlaskClient, app: Flask, store: SharedFiles
) -> None:
    form = the_form(mother, family.address)
    allowed = app.extensions["settings"].hospital.documents_a_day
    answers = [ahead(mother, family.address, form).status_code for _ in range(allowed)]
    assert set(answers) == {200}
    kept = len(list(store.kept()))

    answer = ahead(mother, family.address, form)

    assert answer.status_code == 429
    assert len(list(store.kept())) == kept


def test_everybodys_files_together_have_a_limit(
    family: Family, mother: FlaskClient, store: SharedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = the_form(mother, family.address)
    monkeypatch.setattr("portal.web.upload_gate.MEGABYTE", len(LETTER[1]) / 40_000)

    assert ahead(mother, family.address, form).status_code == 200
    assert ahead(mother, family.address, form).status_code == 429
    assert len(list(store.kept())) == 1


def test_a_database_that_is_away_does_not_open_the_disk_to_all(
    family: Family, mother: FlaskClient, store: SharedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = the_form(mother, family.address)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception(2013, "Lost connection"))

    monkeypatch.setattr(upload_gate, "MOST_UNASKED", 3)
    with monkeypatch.context() as patched:
        patched.setattr(Session, "execute", away)
        for _ in range(5):
            assert ahead(mother, family.address, form).status_code == 503
    assert len(list(store.kept())) == 3

    assert ahead(mother, family.address, form).status_code == 200
