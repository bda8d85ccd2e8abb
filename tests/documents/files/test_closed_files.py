"""Files that can't be opened: altered, missing, not checked, withdrawn or of another patient."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import DocumentReference
from portal.vocabulary import DocumentReferenceStatus, Scan, Thumbnail
from tests.appointments.pages import forms_on
from tests.builders import audited
from tests.documents.conftest import Browse, Family
from tests.documents.files.sent_files import path_of
from tests.documents.sending import cleared, documents


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
    assert "still differs" in still
    path.write_bytes(whole)
    assert "It can be opened again" in press_check(administrator, again)
    assert mother.get(address + "/file").data == whole


def press_check(administrator: FlaskClient, address: str) -> str:
    page = administrator.get("/administration/files")
    [form] = [form for form in forms_on(page) if form.address == address]
    administrator.post(form.address, data=form.fields)
    return administrator.get("/administration/files").text


def test_a_missing_file_is_reported_in_the_same_way(
    family: Family, mother: FlaskClient, letter: DocumentReference, tmp_path: Path,
    database: Session,
) -> None:  # fmt: skip
    path_of(tmp_path, letter).unlink()
    assert mother.get(f"{family.address}/{letter.ref}/file").status_code == 409
    assert documents(database)[0].damaged_at is not None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"scan": Scan.WAITING}, "not been checked for viruses yet"),
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
