"""Sending files with the plain form: what is stored, what the page says, and sending twice."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.shared_files import SharedFiles
from portal.vocabulary import Origin, Scan, Thumbnail
from tests.builders import audited
from tests.documents.conftest import Family
from tests.documents.sample_files import a_docx, a_jpeg, a_pdf, a_png, a_text
from tests.documents.sending import documents, send, the_form


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
    assert "The document has been added." in page
    assert "From the eye clinic" in page
    assert "Not checked yet" in page
    refused = mother.get(f"{family.address}/{row.ref}/file")
    assert refused.status_code == 409
    assert "not been checked for viruses yet" in refused.text


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
    assert answer.get_json()["faults"][0].startswith("The file is empty")

    assert send(mother, form).status_code == 303
    assert [row.attachment_title for row in documents(database)] == ["letter.pdf"]
