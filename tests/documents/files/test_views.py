"""Opening files: by whom, with which headers, and in ranges."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import DocumentReference
from portal.shared_files import FileReader, SharedFiles, StoredFile
from portal.vocabulary import Thumbnail
from tests.builders import audited
from tests.documents.conftest import Family
from tests.documents.files.sent_files import sent
from tests.documents.sample_files import a_pdf, a_png, a_text
from tests.documents.sending import cleared


def test_a_file_opens_as_it_was_sent_and_the_opening_is_audited(
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


def test_no_address_contains_a_part_of_the_file_name(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    row = sent(family, mother, database, "secret-diagnosis.pdf", a_pdf())
    for page in ("", f"/{row.ref}"):
        text = mother.get(family.address + page).text
        assert "secret-diagnosis" in text
        assert not [link for link in text.split('href="')[1:] if "secret" in link.split('"')[0]]


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


def test_a_file_is_closed_after_it_was_sent(
    family: Family, mother: FlaskClient, letter: DocumentReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each open file holds a descriptor and one of the places for the shared file system."""
    opened: list[FileReader] = []
    open_intact = SharedFiles.open_intact

    def remember(store: SharedFiles, stored: StoredFile) -> FileReader:
        opened.append(open_intact(store, stored))
        return opened[-1]

    monkeypatch.setattr(SharedFiles, "open_intact", remember)
    address = f"{family.address}/{letter.ref}/file"
    for headers in ({}, {"Range": "bytes=0-9"}, {"If-None-Match": f'"{letter.sha256}"'}):
        mother.get(address, headers=headers).close()
    mother.head(address).close()
    assert len(opened) == 4
    assert all(one.closed for one in opened)
