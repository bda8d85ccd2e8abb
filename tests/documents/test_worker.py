"""What the worker does with documents: with a real ClamAV, real pictures, and a clock that moves."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from portal.shared_files import SharedFiles
from portal.vocabulary import Scan, Thumbnail
from portal.worker.documents.picturing import picture_next
from portal.worker.documents.queue import LEASE, TO_SCAN, claim, settle
from portal.worker.documents.scanning import scan_next
from tests.builders import audited, contexts_for
from tests.clamd import EICAR
from tests.documents.conftest import Family
from tests.documents.sample_files import a_docx, a_jpeg, a_pdf, a_png, a_text
from tests.documents.scanning import HOSPITAL, Send, Sessions, now, scan_all
from tests.documents.sending import documents


def test_clean_files_open_and_a_file_with_a_virus_is_set_aside(
    family: Family,
    mother: FlaskClient,
    administrator: FlaskClient,
    sent: Send,
    sessions: Sessions,
    store: SharedFiles,
    clamd: str,
    database: Session,
) -> None:
    [letter, virus] = sent(("letter.pdf", a_pdf()), ("virus.txt", EICAR))
    assert scan_all(sessions, store, clamd) == 2

    [letter, virus] = documents(database)
    assert (letter.scan, virus.scan) == (Scan.CLEAN, Scan.REJECTED)
    assert mother.get(f"{family.address}/{letter.ref}/file").data == a_pdf()
    assert mother.get(f"{family.address}/{virus.ref}/file").status_code == 409
    page = mother.get(family.address).text
    assert "Not accepted" in page
    assert "A virus was found in it" in page
    assert [found.name for found in store.kept()] == [letter.file_name]
    assert [found.name for found in store.aside()] == [virus.file_name]
    review = administrator.get("/administration/files").text
    assert virus.ref in review
    assert "virus.txt" not in review
    assert {
        (one.entity, (one.detail or {})["clean"]) for one in audited(database, "check files")
    } == {
        (f"DocumentReference/{letter.ref}", True),
        (f"DocumentReference/{virus.ref}", False),
    }


def test_a_virus_inside_a_word_document_is_found(
    sent: Send, sessions: Sessions, store: SharedFiles, clamd: str, database: Session
) -> None:
    sent(("report.docx", a_docx(words=EICAR.decode())))
    scan_all(sessions, store, clamd)
    assert [one.scan for one in documents(database)] == [Scan.REJECTED]


@pytest.fixture
def waiting(
    sent: Send, sessions: Sessions, store: SharedFiles, database: Session
) -> Callable[[str | None], None]:
    """A file that has waited for an hour, while the worker tried."""

    def waits(scanner: str | None) -> None:
        [row] = sent(("letter.pdf", a_pdf()))
        for _ in range(3):
            assert scan_all(sessions, store, scanner) == 0
        row.created_at -= timedelta(hours=1)
        database.commit()

    return waits


def test_while_the_scanner_is_away_files_wait_and_people_are_told(
    family: Family,
    scanner: str,
    mother: FlaskClient,
    administrator: FlaskClient,
    waiting: Callable[[str | None], None],
    sessions: Sessions,
    store: SharedFiles,
    clamd: str,
) -> None:
    waiting(scanner)
    page = mother.get(family.address).text
    assert "The virus check is taking longer than usual" in page
    assert "Being checked" in page
    review = administrator.get("/administration/files").text
    assert "1 file is waiting, the first since" in review
    assert "No virus scanner" not in review

    assert scan_all(sessions, store, clamd) == 1, "at once, when the scanner is back"


def test_without_a_scanner_nobody_is_told_that_a_file_is_being_checked(
    family: Family,
    mother: FlaskClient,
    administrator: FlaskClient,
    waiting: Callable[[str | None], None],
    database: Session,
) -> None:
    waiting(None)
    [row] = documents(database)
    for address in (family.address, f"{family.address}/{row.ref}"):
        page = mother.get(address).text
        assert "Not checked yet" in page
        assert "No virus scanner is running" in page
        assert "Being checked" not in page
        assert "taking longer" not in page
    assert "No virus scanner is set up" in administrator.get("/administration/files").text


def test_a_worker_that_died_loses_its_turn_after_the_lease(
    sent: Send, sessions: Sessions, store: SharedFiles, clamd: str
) -> None:
    sent(("letter.pdf", a_pdf()))
    began = now()
    contexts = contexts_for(sessions, began)
    with contexts.begin() as context:
        dead = claim(context, TO_SCAN)
    assert dead is not None
    assert not scan_next(contexts_for(sessions, began, HOSPITAL), store=store, scanner=clamd)
    assert scan_next(contexts_for(sessions, began + LEASE, HOSPITAL), store=store, scanner=clamd)
    with contexts.begin() as context:
        assert not settle(context, dead, scan=Scan.REJECTED), "it comes too late"


def test_pictures_are_made_of_what_is_clean(
    family: Family,
    mother: FlaskClient,
    sent: Send,
    sessions: Sessions,
    store: SharedFiles,
    clamd: str,
    database: Session,
) -> None:
    sent(("a.pdf", a_pdf()), ("b.jpg", a_jpeg()), ("c.png", a_png()), ("d.txt", a_text()))
    assert not picture_next(contexts_for(sessions, now(), HOSPITAL), store=store), (
        "nothing is clean yet"
    )
    scan_all(sessions, store, clamd)
    while picture_next(contexts_for(sessions, now(), HOSPITAL), store=store):
        pass
    rows = documents(database)
    assert [row.thumbnail for row in rows] == [Thumbnail.MADE] * 3 + [Thumbnail.NONE]
    answer = mother.get(f"{family.address}/{rows[0].ref}/thumbnail")
    assert max(Image.open(io.BytesIO(answer.data)).size) == 320
