"""A portal is killed at each step between the file and the row: both agree, and nothing is lost."""

import base64
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from portal.shared_files import SharedFiles, StoredFile
from portal.worker.documents.sweeping import sweep_files
from tests.appointments.pages import Form
from tests.builders import contexts_for
from tests.documents.adding.dying_portal import STEPS
from tests.documents.conftest import Family
from tests.documents.sample_files import a_pdf
from tests.documents.sending import MULTIPART, body_of, documents, send, the_form

ROOT = Path(__file__).parents[3]
LETTER = "letter.pdf", a_pdf()


def send_to_a_dying_portal(
    client: FlaskClient, form: Form, step: str, database_url: str, folder: Path
) -> int:
    cookie = client.get_cookie("portal")
    assert cookie is not None
    told = {
        "database": database_url,
        "folder": str(folder),
        "cookie": cookie.value,
        "address": form.address,
        "body": base64.b64encode(body_of(form, LETTER)).decode(),
        "content_type": MULTIPART,
    }
    command = [sys.executable, "-m", "tests.documents.adding.dying_portal", step]
    return subprocess.run(
        command, input=json.dumps(told), text=True, cwd=ROOT, check=False
    ).returncode


@pytest.mark.parametrize("step", STEPS)
def test_row_and_file_agree_and_the_form_can_be_sent_again(
    family: Family,
    mother: FlaskClient,
    store: SharedFiles,
    database: Session,
    database_url: str,
    engine: Engine,
    tmp_path: Path,
    step: str,
) -> None:
    form = the_form(mother, family.address)
    died = send_to_a_dying_portal(mother, form, step, database_url, tmp_path / "shared")
    assert died == -signal.SIGKILL

    assert_every_row_has_its_file(store, database)
    committed = len(documents(database))
    assert committed == (step in ("the row is committed", "the note is forgotten"))

    noted = step in ("the file is noted", "the row is about to be written", "the row is written")
    again = send(mother, form) if noted else send(mother, form, LETTER)
    assert (again.status_code, again.location) == (303, family.address)
    assert len(documents(database)) == 1
    assert_every_row_has_its_file(store, database)

    tomorrow = datetime.now(UTC) + timedelta(hours=25)
    sweep_files(contexts_for(sessionmaker(engine), tomorrow), store=store)
    assert [found.name for found in store.kept()] == [
        row.file_name for row in documents(database)
    ], "nothing is left over"
    assert store.staged(form.fields["submission"]) == []


def assert_every_row_has_its_file(store: SharedFiles, database: Session) -> None:
    for row in documents(database):
        with store.open_intact(StoredFile(row.file_name, row.size, row.sha256)) as file:
            assert file.read() == LETTER[1]
