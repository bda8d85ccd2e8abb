"""Opening files: to whom, with what headers, in ranges, and never one that is not what it was."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import DocumentReference, DocumentReferenceStatus, Scan, Thumbnail
from portal.shared_files import SharedFiles
from tests.appointments.pages import forms_on
from tests.documents.conftest import Browse, Family
from tests.documents.files import a_pdf, a_png, a_text
from tests.documents.sending import audited, cleared, documents, send, the_form


@pytest.fixture
def letter(family: Family, mother: FlaskClient, database: Session) -> DocumentReference:
    """A letter of two megabytes that the mother sent and that was found clean."""
    return sent(family, mother, database, "letter.txt", a_text("0123456789abcdef" * 2**17))


def sent(
    family: Family, browser: FlaskClient, database: Session, name: str, content: bytes
) -> DocumentReference:
    assert send(browser, the_form(browser, family.address), (name, content)).status_code == 303
    row = documents(database)[-1]
    cleared(database, row)
    return row


def path_of(tmp_path: Path, row: DocumentReference) -> Path:
    return tmp_path / "shared" / "kept" / row.file_name[:2] / row.file_name


def test_it_comes_as_it_was_sent_and_the_opening_is_remembered(
    family: Family, mother: FlaskClient, doctor: FlaskClient, letter: DocumentReference,
    database: Session,
) -> None:  # fmt: skip
    for browser in (mother, doctor):
        answer = browser.get(f"{family.address}/{letter.ref}/file")
        assert answer.status_code == 200
        assert answer.data == b"0123456789abcdef" * 2**17
    opened = audited(database, "open document")
    assert [(one.actor_ref, one.entity, one.detail) for one in opened] == [
        (account.ref, f"DocumentReference/{letter.ref}", {"opened": "download"})
        for account in (family.mother, family.doctor)
    ]


def test_its_headers_leave_a_browser_no_choice(
    family: Family, mother: FlaskClient, letter: DocumentReference
) -> None:
    headers = mother.get(f"{family.address}/{letter.ref}/file").headers
    assert headers["Content-Type"].startswith("text/plain")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["ETag"] == f'"{letter.sha256}"'
    assert headers["Accept-Ranges"] == "bytes"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy


def test_a_preview_is_shown_in_a_sandbox(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    for name, content, disposition in (
        ("a.pdf", a_pdf(), "inline"),
        ("b.png", a_png(), "inline"),
        ("c.txt", a_text("<script>alert(1)</script>"), "attachment"),
    ):
        row = sent(family, mother, database, name, content)
        headers = mother.get(f"{family.address}/{row.ref}/preview").headers
        assert headers["Content-Disposition"].startswith(f"{disposition};")
        assert headers["Content-Type"].startswith(row.content_type)
        assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "status", "range_", "length"),
    [
        ("bytes=0-15", 206, "bytes 0-15/2097152", 16),
        ("bytes=2097150-", 206, "bytes 2097150-2097151/2097152", 2),
        ("bytes=-4", 206, "bytes 2097148-2097151/2097152", 4),
        ("bytes=2097152-", 416, "bytes */2097152", None),
    ],
)
def test_a_range_is_all_that_is_sent(
    family: Family,
    mother: FlaskClient,
    letter: DocumentReference,
    asked: str,
    status: int,
    range_: str,
    length: int | None,
) -> None:
    answer = mother.get(f"{family.address}/{letter.ref}/file", headers={"Range": asked})
    assert answer.status_code == status
    if length is not None:
        assert answer.headers["Content-Range"] == range_
        assert len(answer.data) == length == int(answer.headers["Content-Length"])


def test_a_broken_download_goes_on_only_with_the_same_file(
    family: Family, mother: FlaskClient, letter: DocumentReference
) -> None:
    address = f"{family.address}/{letter.ref}/file"
    same = {"Range": "bytes=16-", "If-Range": f'"{letter.sha256}"'}
    other = {"Range": "bytes=16-", "If-Range": '"another"'}
    assert mother.get(address, headers=same).status_code == 206
    assert mother.get(address, headers=other).status_code == 200
    unchanged = mother.get(address, headers={"If-None-Match": f'"{letter.sha256}"'})
    assert (unchanged.status_code, unchanged.data) == (304, b"")


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [
        ("letter.pdf", "letter.pdf", "letter.pdf"),
        ("🩺 Brief von Dr. Röntgen.pdf", "Brief von Dr. Rontgen.pdf",
         "%F0%9F%A9%BA%20Brief%20von%20Dr.%20R%C3%B6ntgen.pdf"),
        ("診断書.pdf", "pdf", "%E8%A8%BA%E6%96%AD%E6%9B%B8.pdf"),
        ('a";b=c.pdf', "a_bc.pdf", "a_%3Bb%3Dc.pdf"),
    ],
)  # fmt: skip
def test_the_name_to_save_under_is_safe_in_every_browser(
    family: Family, mother: FlaskClient, database: Session, name: str, plain: str, encoded: str
) -> None:
    row = sent(family, mother, database, name, a_pdf())
    found = mother.get(f"{family.address}/{row.ref}/file").headers["Content-Disposition"]
    assert found == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def test_nothing_of_a_name_stands_in_an_address(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    row = sent(family, mother, database, "secret-diagnosis.pdf", a_pdf())
    for page in ("", f"/{row.ref}"):
        text = mother.get(family.address + page).text
        assert "secret-diagnosis" in text
        assert not [link for link in text.split('href="')[1:] if "secret" in link.split('"')[0]]


def test_an_altered_file_is_never_shown_and_the_administrator_is_told(
    family: Family, mother: FlaskClient, administrator: FlaskClient, letter: DocumentReference,
    tmp_path: Path, database: Session,
) -> None:  # fmt: skip
    path = path_of(tmp_path, letter)
    whole = path.read_bytes()
    path.write_bytes(b"X" + whole[1:])
    address = f"{family.address}/{letter.ref}"

    for page in ("/file", "/preview"):
        answer = mother.get(address + page)
        assert answer.status_code == 409
        assert b"abcdef" not in answer.data
    assert documents(database)[0].damaged_at is not None
    assert "Damaged" in mother.get(address).text
    told = administrator.get("/administration/files").text
    assert letter.ref in told
    assert letter.title not in told
    assert [one.detail for one in audited(database, "check files")] == [{"found": "damaged"}]

    again = f"/administration/files/{letter.ref}/check-again"
    still = press_check(administrator, again)
    assert "still does not match" in still
    path.write_bytes(whole)
    assert "It can be opened again" in press_check(administrator, again)
    assert mother.get(address + "/file").data == whole


def press_check(administrator: FlaskClient, address: str) -> str:
    page = administrator.get("/administration/files")
    [form] = [form for form in forms_on(page) if form.address == address]
    administrator.post(form.address, data=form.fields)
    return administrator.get("/administration/files").text


def test_a_missing_file_is_told_in_the_same_way(
    family: Family, mother: FlaskClient, letter: DocumentReference, tmp_path: Path,
    database: Session,
) -> None:  # fmt: skip
    path_of(tmp_path, letter).unlink()
    assert mother.get(f"{family.address}/{letter.ref}/file").status_code == 409
    assert documents(database)[0].damaged_at is not None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"scan": Scan.WAITING}, "still being checked"),
        ({"scan": Scan.REJECTED}, "was not accepted"),
        ({"status": DocumentReferenceStatus.ENTERED_IN_ERROR}, "was withdrawn"),
    ],
)
def test_a_closed_file_says_why(
    family: Family,
    mother: FlaskClient,
    letter: DocumentReference,
    database: Session,
    facts: dict[str, object],
    words: str,
) -> None:
    cleared(database, letter, thumbnail=Thumbnail.MADE, **facts)
    for page in ("file", "preview", "thumbnail"):
        answer = mother.get(f"{family.address}/{letter.ref}/{page}")
        assert answer.status_code == 409
        assert words in answer.text


def test_what_was_withdrawn_stays_open_for_the_care_team(
    family: Family, doctor: FlaskClient, letter: DocumentReference, database: Session
) -> None:
    cleared(database, letter, status=DocumentReferenceStatus.ENTERED_IN_ERROR)
    assert doctor.get(f"{family.address}/{letter.ref}/file").status_code == 200


def test_a_rejected_file_is_hidden_from_everybody_but_its_sender(
    family: Family, mother: FlaskClient, doctor: FlaskClient, letter: DocumentReference,
    database: Session,
) -> None:  # fmt: skip
    cleared(database, letter, scan=Scan.REJECTED, scan_result="A virus was found in it.")
    assert "A virus was found in it." in mother.get(family.address).text
    assert letter.ref not in doctor.get(family.address).text
    assert doctor.get(f"{family.address}/{letter.ref}").status_code == 404


def test_a_thumbnail_is_a_picture_of_its_own(
    family: Family, mother: FlaskClient, letter: DocumentReference, store: SharedFiles,
    database: Session,
) -> None:  # fmt: skip
    address = f"{family.address}/{letter.ref}/thumbnail"
    assert mother.get(address).status_code == 404
    cleared(database, letter, thumbnail=Thumbnail.MADE)
    store.put(f"thumbnails/{letter.file_name[:2]}/{letter.file_name}", a_png(size=(32, 32)))
    answer = mother.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data == a_png(size=(32, 32))
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert f'src="{address}"' in mother.get(family.address).text


def test_one_patients_address_does_not_open_anothers_document(
    family: Family, mother: FlaskClient, letter: DocumentReference, sign_in: Browse
) -> None:
    childs = f"/patients/{family.tomas.ref}/documents/{letter.ref}"
    for page in ("", "/file", "/preview", "/thumbnail", "/withdraw"):
        assert mother.get(childs + page).status_code == 404
    reception = sign_in(family.reception)
    assert reception.get(f"{family.address}/{letter.ref}/file").status_code == 403
    stranger = sign_in(family.stranger)
    assert stranger.get(f"{family.address}/{letter.ref}/file").status_code == 404
