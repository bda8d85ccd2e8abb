"""A shared file system that hangs, is full, read-only or gone, and a database that is away."""

import errno
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.database import db
from portal.models import SignInSession
from portal.shared_files import SharedFiles, watchdog
from tests.documents.conftest import Browse, Family
from tests.documents.sample_files import a_pdf
from tests.documents.sending import cleared, documents, send, the_form
from tests.hanging_files import HangingFiles, hanging_files

LETTER = "letter.pdf", a_pdf()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HangingFiles]:
    monkeypatch.setattr(watchdog, "INTERVAL_SECONDS", 0.1)
    with hanging_files(tmp_path) as mounted:
        SharedFiles(mounted.mount).prepare()
        yield mounted


@pytest.fixture
def store(
    app: Flask, files: HangingFiles, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SharedFiles]:
    """The portal's store on a mount that tests can make fail."""
    found = SharedFiles(files.mount, seconds=1)
    monkeypatch.setitem(app.extensions, "shared_files", found)
    yield found
    found.close()


@pytest.mark.parametrize(
    ("misbehave", "words"),
    [
        (lambda files: files.hang(), "Documents are not available"),
        (lambda files: files.fail(errno.ENOSPC, "write"), "no space for new documents"),
        (lambda files: files.fail(errno.EROFS, "create"), "can be opened but not added"),
        (lambda files: files.unmount(), "Documents are not available"),
    ],
    ids=["hanging", "full", "read-only", "vanished"],
)
def test_no_file_is_half_saved_and_the_form_says_why(
    family: Family,
    mother: FlaskClient,
    files: HangingFiles,
    database: Session,
    misbehave: Callable[[HangingFiles], None],
    words: str,
) -> None:
    form = the_form(mother, family.address)
    misbehave(files)
    try:
        answer = send(mother, form, LETTER, title="From the eye clinic")
        assert answer.status_code == 503
        assert words in answer.text
        assert 'value="From the eye clinic"' in answer.text, "what was typed stays"
        assert documents(database) == []
        for page in ("/people", f"/patients/{family.amina.ref}"):
            assert mother.get(page).status_code in (200, 302), "other pages are as before"
    finally:
        with suppress(FileNotFoundError):  # its process ended with the mount
            files.let_go()


def test_while_it_hangs_pages_say_so_at_once(
    family: Family, mother: FlaskClient, files: HangingFiles, store: SharedFiles, database: Session
) -> None:
    send(mother, the_form(mother, family.address), LETTER)
    [row] = documents(database)
    cleared(database, row)
    files.hang()
    try:
        while store.lives:
            time.sleep(0.05)
        for page in ("/new", f"/{row.ref}/file", f"/{row.ref}/preview"):
            answer = mother.get(family.address + page)
            assert answer.status_code == 503
            assert "Documents are not available" in answer.text
            assert answer.headers["Retry-After"]
        for page in ("", f"/{row.ref}"):
            answer = mother.get(family.address + page)
            assert answer.status_code == 200, "what is known without the file"
            assert "Documents are not available" in answer.text
    finally:
        files.let_go()
    while not store.lives:
        time.sleep(0.05)
    assert mother.get(f"{family.address}/{row.ref}/file").data == LETTER[1]


def test_what_arrived_survives_a_session_that_expired(
    family: Family, mother: FlaskClient, sign_in: Browse, database: Session
) -> None:
    form = the_form(mother, family.address)
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    database.execute(update(SignInSession).values(last_seen_at=an_hour_ago))
    database.commit()
    answer = send(mother, form, LETTER)
    assert answer.status_code == 302
    assert documents(database) == []

    again = sign_in(family.mother)
    fresh = the_form(again, family.address)
    fresh.fields["submission"] = form.fields["submission"]
    assert send(again, fresh).status_code == 303
    assert [row.attachment_title for row in documents(database)] == ["letter.pdf"]


def test_files_that_arrived_under_one_persons_key_are_not_shown_to_another(
    family: Family, mother: FlaskClient, sign_in: Browse, database: Session
) -> None:
    form = the_form(mother, family.address)
    send(mother, form, LETTER, type="")
    doctor = sign_in(family.doctor)
    theirs = the_form(doctor, family.address)
    theirs.fields["submission"] = form.fields["submission"]
    answer = send(doctor, theirs)
    assert answer.status_code == 400
    assert "letter.pdf" not in answer.text


def test_what_arrived_survives_a_database_that_is_away(
    family: Family,
    mother: FlaskClient,
    database: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = the_form(mother, family.address)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception(2013, "Lost connection"))

    with monkeypatch.context() as patched:
        patched.setattr(db.session, "execute", away)
        answer = send(mother, form, LETTER)
    assert answer.status_code == 503
    assert "letter.pdf" not in answer.text
    assert documents(database) == []
    assert send(mother, form).status_code == 303
    assert [row.attachment_title for row in documents(database)] == ["letter.pdf"]
