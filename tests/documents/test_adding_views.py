"""Sending files with the plain form: what is kept, what is said, what is sent twice."""

import io
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import Origin, Scan, Thumbnail
from portal.shared_files import SharedFiles
from tests.documents.conftest import Browse, Family
from tests.documents.files import a_docx, a_jpeg, a_long_text, a_pdf, a_png, a_text
from tests.documents.sending import (
    MULTIPART,
    audited,
    body_of,
    documents,
    send,
    the_form,
)


def test_a_patient_sends_a_letter_which_waits_to_be_checked(
    family: Family, mother: FlaskClient, store: SharedFiles, database: Session
) -> None:
    answer = send(
        mother,
        the_form(mother, family.address),
        ("letter.pdf", a_pdf()),
        title="From the eye clinic",
        author="St Elsewhere",
        **{"created_on-day": "2", "created_on-month": "3", "created_on-year": "2026"},
    )
    assert (answer.status_code, answer.location) == (303, family.address)
    [row] = documents(database)
    assert (row.title, row.author, str(row.created_on)) == (
        "From the eye clinic",
        "St Elsewhere",
        "2026-03-02",
    )
    assert (row.scan, row.thumbnail, row.origin) == (
        Scan.WAITING,
        Thumbnail.WAITING,
        Origin.PATIENT,
    )
    assert (row.content_type, row.size) == ("application/pdf", len(a_pdf()))
    assert [found.name for found in store.kept()] == [row.file_name]
    assert [event.entity for event in audited(database, "add document") if event.entity] == [
        f"Patient/{family.amina.ref}",
        f"DocumentReference/{row.ref}",
    ]

    page = mother.get(family.address).text
    assert "The document is added." in page
    assert "From the eye clinic" in page
    assert "Being checked" in page
    refused = mother.get(f"{family.address}/{row.ref}/file")
    assert refused.status_code == 409
    assert "still being checked" in refused.text


def test_several_files_of_every_kind_at_once(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    answer = send(
        mother,
        the_form(mother, family.address),
        ("letter.pdf", a_pdf()),
        ("photo.jpg", a_jpeg()),
        ("scan.png", a_png()),
        ("values.txt", a_text()),
        ("report.docx", a_docx()),
        title="Five pages",
    )
    assert answer.status_code == 303
    rows = documents(database)
    assert [row.title for row in rows] == [f"Five pages ({number} of 5)" for number in range(1, 6)]
    assert [row.attachment_title for row in rows] == [
        *("letter.pdf", "photo.jpg", "scan.png", "values.txt", "report.docx")
    ]
    assert [row.thumbnail for row in rows] == [Thumbnail.WAITING] * 3 + [Thumbnail.NONE] * 2


def test_without_a_title_the_files_name_is_used(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    send(mother, the_form(mother, family.address), ("X-ray of the hand.JPG", a_jpeg()))
    assert [row.title for row in documents(database)] == ["X-ray of the hand"]


def test_a_doctor_adds_one_to_their_patient(
    family: Family, doctor: FlaskClient, database: Session
) -> None:
    send(doctor, the_form(doctor, family.address), ("letter.pdf", a_pdf()))
    assert [row.origin for row in documents(database)] == [Origin.HOSPITAL]


def test_the_same_form_sent_again_gives_one_document(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    form = the_form(mother, family.address)
    first, second = (send(mother, form, ("letter.pdf", a_pdf())) for _ in range(2))

    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(documents(database)) == 1


def test_what_is_wrong_is_said_and_received_files_are_kept(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    form = the_form(mother, family.address)
    wrong = send(mother, form, ("letter.pdf", a_pdf()), type="")
    assert wrong.status_code == 400
    assert "Choose what kind of document it is" in wrong.text
    assert "letter.pdf</b> (PDF" in wrong.text
    assert "is received already" in wrong.text
    assert documents(database) == []

    right = send(mother, form)
    assert right.status_code == 303
    assert [row.attachment_title for row in documents(database)] == ["letter.pdf"]


def test_a_received_file_can_be_left_out(
    family: Family, mother: FlaskClient, store: SharedFiles, database: Session
) -> None:
    form = the_form(mother, family.address)
    send(mother, form, ("wrong.pdf", a_pdf("wrong")), type="")
    [staged] = store.staged(form.fields["submission"])
    answer = send(mother, form, ("right.pdf", a_pdf("right")), leave_out=staged.stored.name)

    assert answer.status_code == 303
    assert [row.attachment_title for row in documents(database)] == ["right.pdf"]


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


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\Amina\\scan.png", "scan.png"),
        ("two\r\nlines.png", "two%0D%0Alines.png"),
        ("🩺 herz-röntgen.png", "🩺 herz-röntgen.png"),
        ('"quoted".png', "_quoted_.png"),
        ("a" * 300 + ".png", "a" * 116 + ".png"),
    ],
)
def test_an_odd_name_stays_a_name(
    family: Family,
    mother: FlaskClient,
    store: SharedFiles,
    database: Session,
    name: str,
    shown: str,
) -> None:
    assert send(mother, the_form(mother, family.address), (name, a_png())).status_code == 303
    [row] = documents(database)
    assert row.attachment_title.endswith(shown)
    assert row.attachment_title.splitlines() == [row.attachment_title]
    assert [found.name for found in store.kept()] == [row.file_name]


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


def test_a_file_that_is_there_already_is_not_added_twice(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    send(mother, the_form(mother, family.address), ("letter.pdf", a_pdf()), title="The letter")
    answer = send(mother, the_form(mother, family.address), ("copy.pdf", a_pdf()))

    assert answer.status_code == 400
    assert "copy.pdf is among the documents already, as “The letter”" in answer.text
    assert len(documents(database)) == 1


def test_two_equal_files_in_one_form_give_one_document(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    form = the_form(mother, family.address)
    answer = send(mother, form, ("letter.pdf", a_pdf()), ("letter (1).pdf", a_pdf()))

    assert answer.status_code == 303
    assert "letter (1).pdf is the same file as letter.pdf" in mother.get(family.address).text
    assert [row.attachment_title for row in documents(database)] == ["letter.pdf"]


def test_files_a_day_are_counted(family: Family, mother: FlaskClient, app: Flask) -> None:
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
    stranger.get("/sign-ins")  # a page with a token of their own
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


def test_the_script_sends_files_ahead_of_their_form(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    form = the_form(mother, family.address)
    ahead = f"{family.address}/new/files"
    one, other = form.fields, {**form.fields}
    answer = send(mother, type(form)(ahead, one), ("letter.pdf", a_pdf()))
    assert (answer.status_code, answer.json) == (200, {"faults": []})
    answer = send(mother, type(form)(ahead, other), ("empty.pdf", b""))
    assert answer.status_code == 400
    assert answer.json["faults"][0].startswith("The file is empty")

    assert send(mother, form).status_code == 303
    assert [row.attachment_title for row in documents(database)] == ["letter.pdf"]
