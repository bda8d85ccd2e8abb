"""Files that are not accepted, and people who may not send any."""

import io
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.shared_files import SharedFiles
from tests.documents.conftest import Browse, Family
from tests.documents.sample_files import a_docx, a_jpeg, a_long_text, a_pdf, a_png, a_text
from tests.documents.sending import MULTIPART, body_of, documents, send, the_form


def test_without_a_file_nothing_is_added(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    for files in ((), (("", b""),)):
        answer = send(mother, the_form(mother, family.address), *files)
        assert answer.status_code == 400
        assert "Choose at least one file" in answer.text
    assert documents(database) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdf", b"", "empty.pdf: The file is empty"),
        (
            "letter.pdf",
            a_pdf()[:-300],
            "letter.pdf: This PDF file is damaged or its end is missing",
        ),
        ("photo.jpg", a_jpeg()[:-100], "This JPEG file is damaged or its end is missing"),
        ("bomb.docx", a_docx(filling=60 * 2**20), "unpack to far too much"),
        ("program.exe", b"MZ" + bytes(2000), "This kind of file can&#39;t be added"),
        ("page.html", b"<!DOCTYPE html><script>alert(1)</script>", "page.html: "),
        ("letter.pdf", a_jpeg(), "The name ends in “.pdf”, but the file is a JPEG"),
        ("long.txt", a_long_text(25_000_001), "long.txt: The file is larger than 25 MB"),
    ],
    ids=["0 bytes", "cut PDF", "cut JPEG", "zip bomb", "program", "page", "disguised", "too long"],
)
def test_a_file_that_cannot_be_taken_is_named_with_the_reason(
    family: Family,
    mother: FlaskClient,
    store: SharedFiles,
    database: Session,
    name: str,
    content: bytes,
    words: str,
) -> None:
    form = the_form(mother, family.address)
    answer = send(mother, form, (name, content), ("good.png", a_png()))

    assert answer.status_code == 400
    assert words in answer.text
    assert "good.png</b> (PNG" in answer.text
    assert documents(database) == []
    [staged] = store.staged(form.fields["submission"])
    assert [found.name for found in store.kept()] == [staged.stored.name], "nothing half-kept"


def test_too_many_files_at_once_are_refused(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    form = the_form(mother, family.address)
    files = [(f"{number}.txt", a_text(f"page {number}")) for number in range(11)]
    answer = send(mother, form, *files)

    assert answer.status_code == 400
    assert "10.txt: Send no more than 10 files at once" in answer.text
    assert documents(database) == []
    more = send(mother, form, ("more.txt", a_text("one more")))
    assert "Leave some out: no more than 10 files at once" in more.text


def test_a_request_that_is_longer_than_any_form_is_refused(
    family: Family, mother: FlaskClient
) -> None:
    answer = mother.post(
        f"{family.address}/new",
        input_stream=io.BytesIO(),
        environ_overrides={"CONTENT_LENGTH": str(10**9)},
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413


def test_a_connection_that_breaks_in_the_middle_leaves_nothing(
    family: Family, mother: FlaskClient, store: SharedFiles, tmp_path: Path
) -> None:
    form = the_form(mother, family.address)
    whole = body_of(form, ("first.txt", a_text()), ("second.txt", a_long_text(2_000_000)))
    answer = mother.post(
        form.address,
        input_stream=io.BytesIO(whole[:-1_000_000]),
        environ_overrides={"CONTENT_LENGTH": str(len(whole))},
        content_type=MULTIPART,
    )
    assert answer.status_code == 400
    assert store.staged(form.fields["submission"]) == []
    deadline = time.monotonic() + 10
    while left := [path for path in (tmp_path / "shared" / "kept").rglob("*") if path.is_file()]:
        assert time.monotonic() < deadline, left


def test_the_number_of_files_a_day_is_limited(
    family: Family, mother: FlaskClient, app: Flask
) -> None:
    form = the_form(mother, family.address)
    for number in range(10):
        files = [(f"{one}.txt", a_text(f"{number} {one}")) for one in range(10)]
        send(mother, form, *files, type="")
    answer = send(mother, form, ("more.txt", a_text("one more")))
    assert answer.status_code == 429


def test_a_form_without_its_token_keeps_nothing(
    family: Family, mother: FlaskClient, store: SharedFiles
) -> None:
    form = the_form(mother, family.address)
    answer = send(mother, form, ("letter.pdf", a_pdf()), csrf_token="made up")

    assert answer.status_code == 400
    assert store.staged(form.fields["submission"]) == []
    assert list(store.kept()) == []


def test_nobody_adds_to_a_strangers_record(
    family: Family, sign_in: Browse, store: SharedFiles, database: Session, mother: FlaskClient
) -> None:
    stranger = sign_in(family.stranger)
    form = the_form(mother, family.address)
    stranger.get("/sign-ins")  # a page with their own token
    with stranger.session_transaction() as cookie, mother.session_transaction() as hers:
        cookie["csrf_token"] = hers["csrf_token"]
    assert send(stranger, form, ("letter.pdf", a_pdf())).status_code == 404
    assert documents(database) == []
    # Nor does the mother's form take in what the stranger sent under its key.
    answer = send(mother, form)
    assert "Choose at least one file" in answer.text


def test_somebody_who_never_signed_in_leaves_nothing(
    family: Family, store: SharedFiles, app: Flask, mother: FlaskClient
) -> None:
    form = the_form(mother, family.address)
    nobody = app.test_client()
    with nobody.session_transaction() as cookie, mother.session_transaction() as hers:
        cookie["csrf_token"] = hers["csrf_token"]
    answer = send(nobody, form, ("letter.pdf", a_pdf()))

    assert answer.status_code == 302
    assert list(store.kept()) == []
