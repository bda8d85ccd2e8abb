"""What the worker does with documents: with a real ClamAV, real pictures, and time that passes."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from portal.hospital import Hospital
from portal.models import DocumentReference, Scan, Thumbnail
from portal.shared_files import SharedFiles, StoredFile
from portal.worker.documents import comparing
from portal.worker.documents.comparing import compare_some
from portal.worker.documents.picturing import picture_next
from portal.worker.documents.queue import LEASE, TO_SCAN, claim, settle
from portal.worker.documents.scanning import scan_next
from portal.worker.documents.sweeping import sweep_files
from tests.clamd import EICAR
from tests.documents.conftest import Family
from tests.documents.files import a_docx, a_jpeg, a_pdf, a_png, a_text
from tests.documents.sending import audited, documents, send, the_form

HOSPITAL = Hospital()
NOBODY = "/nowhere/clamd.socket"
Sessions = sessionmaker[Session]


@pytest.fixture
def sessions(database: Session, engine: Engine) -> Sessions:
    """Sessions of the worker's own."""
    return sessionmaker(engine, autoflush=False, expire_on_commit=False)


@pytest.fixture
def sent(family: Family, mother: FlaskClient, database: Session) -> Callable[..., list]:
    """Sends files by the form; gives all documents."""

    def sends(*files: tuple[str, bytes]) -> list[DocumentReference]:
        assert send(mother, the_form(mother, family.address), *files).status_code == 303
        return documents(database)

    return sends


def now() -> datetime:
    return datetime.now(UTC)


def scan_all(sessions: Sessions, store: SharedFiles, scanner: str | None) -> int:
    done = 0
    while scan_next(sessions, HOSPITAL, now(), store=store, scanner=scanner):
        done += 1
    return done


def test_clean_files_open_and_a_virus_is_kept_apart(
    family: Family,
    mother: FlaskClient,
    administrator: FlaskClient,
    sent: Callable[..., list],
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
    assert {(one.entity, one.detail["clean"]) for one in audited(database, "check files")} == {
        (f"DocumentReference/{letter.ref}", True),
        (f"DocumentReference/{virus.ref}", False),
    }


def test_a_virus_inside_a_word_document_is_found(
    sent: Callable[..., list], sessions: Sessions, store: SharedFiles, clamd: str, database: Session
) -> None:
    sent(("report.docx", a_docx(words=EICAR.decode())))
    scan_all(sessions, store, clamd)
    assert [one.scan for one in documents(database)] == [Scan.REJECTED]


@pytest.mark.parametrize("scanner", [None, NOBODY])
def test_without_a_scanner_files_wait_and_people_are_told(
    family: Family,
    mother: FlaskClient,
    administrator: FlaskClient,
    sent: Callable[..., list],
    sessions: Sessions,
    store: SharedFiles,
    database: Session,
    scanner: str | None,
    clamd: str,
) -> None:
    [row] = sent(("letter.pdf", a_pdf()))
    for _ in range(3):
        assert scan_all(sessions, store, scanner) == 0
    row.created_at -= timedelta(hours=1)
    database.commit()
    assert "The virus check takes longer than usual" in mother.get(family.address).text
    assert "1 file waits, the first since" in administrator.get("/administration/files").text

    assert scan_all(sessions, store, clamd) == 1, "at once, when the scanner is back"


def test_a_worker_that_died_loses_its_turn_after_the_lease(
    sent: Callable[..., list], sessions: Sessions, store: SharedFiles, clamd: str
) -> None:
    sent(("letter.pdf", a_pdf()))
    began = now()
    with sessions.begin() as session:
        dead = claim(session, TO_SCAN, began)
    assert dead is not None
    assert not scan_next(sessions, HOSPITAL, began, store=store, scanner=clamd)
    assert scan_next(sessions, HOSPITAL, began + LEASE, store=store, scanner=clamd)
    with sessions.begin() as session:
        assert not settle(session, dead, scan=Scan.REJECTED), "a late word changes nothing"


def test_pictures_are_made_of_what_is_clean(
    family: Family,
    mother: FlaskClient,
    sent: Callable[..., list],
    sessions: Sessions,
    store: SharedFiles,
    clamd: str,
    database: Session,
) -> None:
    sent(("a.pdf", a_pdf()), ("b.jpg", a_jpeg()), ("c.png", a_png()), ("d.txt", a_text()))
    assert not picture_next(sessions, HOSPITAL, now(), store=store), "nothing is clean yet"
    scan_all(sessions, store, clamd)
    while picture_next(sessions, HOSPITAL, now(), store=store):
        pass
    rows = documents(database)
    assert [row.thumbnail for row in rows] == [Thumbnail.MADE] * 3 + [Thumbnail.NONE]
    answer = mother.get(f"{family.address}/{rows[0].ref}/thumbnail")
    assert max(Image.open(io.BytesIO(answer.data)).size) == 320


def test_files_are_compared_again_after_a_month(
    sent: Callable[..., list],
    sessions: Sessions,
    store: SharedFiles,
    database: Session,
    tmp_path: Path,
) -> None:
    whole, spoilt = sent(("a.txt", a_text("a")), ("b.txt", a_text("b")))
    path = tmp_path / "shared" / "kept" / spoilt.file_name[:2] / spoilt.file_name
    path.write_bytes(b"c")
    compare_some(sessions, HOSPITAL, now(), store=store)
    assert all(row.damaged_at is None for row in documents(database)), "not due yet"

    later = now() + comparing.EVERY
    assert not compare_some(sessions, HOSPITAL, later, store=store)
    whole, spoilt = documents(database)
    assert (whole.damaged_at, whole.checked_at) == (None, later)
    assert spoilt.damaged_at == later


def test_the_sweep_takes_what_nobody_finished_and_nothing_else(
    family: Family,
    mother: FlaskClient,
    sent: Callable[..., list],
    sessions: Sessions,
    store: SharedFiles,
    database: Session,
) -> None:
    [row] = sent(("kept.txt", a_text("kept")))
    form = the_form(mother, family.address)
    send(mother, form, ("abandoned.txt", a_text("abandoned")), type="")

    sweep_files(sessions, HOSPITAL, now() + timedelta(hours=23), store=store)
    assert len(list(store.kept())) == 2, "it may still be sent"
    sweep_files(sessions, HOSPITAL, now() + timedelta(hours=25), store=store)
    assert [found.name for found in store.kept()] == [row.file_name]
    assert store.staged(form.fields["submission"]) == []


def test_rejected_files_are_removed_in_time_and_their_rows_stay(
    sent: Callable[..., list], sessions: Sessions, store: SharedFiles, clamd: str, database: Session
) -> None:
    [row] = sent(("virus.txt", EICAR))
    scan_all(sessions, store, clamd)
    month = timedelta(days=HOSPITAL.rejected_file_days)
    sweep_files(sessions, HOSPITAL, now() + month - timedelta(hours=1), store=store)
    assert len(list(store.aside())) == 1
    sweep_files(sessions, HOSPITAL, now() + month + timedelta(hours=1), store=store)
    assert list(store.aside()) == []
    [row] = documents(database)
    assert row.file_removed_at is not None


def test_a_rejected_file_that_was_not_yet_set_aside_is(
    sent: Callable[..., list], sessions: Sessions, store: SharedFiles, database: Session
) -> None:
    [row] = sent(("virus.txt", EICAR))
    row.scan, row.scan_result = Scan.REJECTED, "A virus was found in it."
    database.commit()
    sweep_files(sessions, HOSPITAL, now(), store=store)

    assert list(store.kept()) == []
    with store.open_aside(StoredFile(row.file_name, row.size, row.sha256)) as file:
        assert file.read() == EICAR
