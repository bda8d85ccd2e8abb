"""What the worker compares, and what it removes, as time passes."""

from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.shared_files import SharedFiles, StoredFile
from portal.vocabulary import Scan
from portal.worker.documents import comparing
from portal.worker.documents.comparing import compare_some
from portal.worker.documents.sweeping import sweep_files
from tests.builders import contexts_for
from tests.clamd import EICAR
from tests.documents.conftest import Family
from tests.documents.sample_files import a_text
from tests.documents.scanning import HOSPITAL, Send, Sessions, now, scan_all
from tests.documents.sending import documents, send, the_form


def test_files_are_compared_again_after_a_month(
    sent: Send,
    sessions: Sessions,
    store: SharedFiles,
    database: Session,
    tmp_path: Path,
) -> None:
    whole, spoilt = sent(("a.txt", a_text("a")), ("b.txt", a_text("b")))
    path = tmp_path / "shared" / "kept" / spoilt.file_name[:2] / spoilt.file_name
    path.write_bytes(b"c")
    compare_some(contexts_for(sessions, now(), HOSPITAL), store=store)
    assert all(row.damaged_at is None for row in documents(database)), "not due yet"

    later = now() + comparing.EVERY
    assert not compare_some(contexts_for(sessions, later, HOSPITAL), store=store)
    whole, spoilt = documents(database)
    assert (whole.damaged_at, whole.checked_at) == (None, later)
    assert spoilt.damaged_at == later


def test_the_sweep_takes_what_nobody_finished_and_nothing_else(
    family: Family,
    mother: FlaskClient,
    sent: Send,
    sessions: Sessions,
    store: SharedFiles,
    database: Session,
) -> None:
    [row] = sent(("kept.txt", a_text("kept")))
    form = the_form(mother, family.address)
    send(mother, form, ("abandoned.txt", a_text("abandoned")), type="")

    sweep_files(contexts_for(sessions, now() + timedelta(hours=23), HOSPITAL), store=store)
    assert len(list(store.kept())) == 2, "it may still be sent"
    sweep_files(contexts_for(sessions, now() + timedelta(hours=25), HOSPITAL), store=store)
    assert [found.name for found in store.kept()] == [row.file_name]
    assert store.staged(form.fields["submission"]) == []


def test_rejected_files_are_removed_in_time_and_their_rows_stay(
    sent: Send, sessions: Sessions, store: SharedFiles, clamd: str, database: Session
) -> None:
    [row] = sent(("virus.txt", EICAR))
    scan_all(sessions, store, clamd)
    month = timedelta(days=HOSPITAL.rejected_file_days)
    sweep_files(contexts_for(sessions, now() + month - timedelta(hours=1), HOSPITAL), store=store)
    assert len(list(store.aside())) == 1
    sweep_files(contexts_for(sessions, now() + month + timedelta(hours=1), HOSPITAL), store=store)
    assert list(store.aside()) == []
    [row] = documents(database)
    assert row.file_removed_at is not None


def test_a_rejected_file_that_was_not_yet_set_aside_is(
    sent: Send, sessions: Sessions, store: SharedFiles, database: Session
) -> None:
    [row] = sent(("virus.txt", EICAR))
    row.scan, row.scan_result = Scan.REJECTED, "A virus was found in it."
    database.commit()
    sweep_files(contexts_for(sessions, now(), HOSPITAL), store=store)

    assert list(store.kept()) == []
    with store.open_aside(StoredFile(row.file_name, row.size, row.sha256)) as file:
        assert file.read() == EICAR
