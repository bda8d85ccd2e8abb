"""Sends files that the virus check finds clean, and finds them on the disk."""

from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import DocumentReference
from tests.documents.conftest import Family
from tests.documents.sending import cleared, documents, send, the_form


def sent(
    family: Family, browser: FlaskClient, database: Session, name: str, content: bytes
) -> DocumentReference:
    assert send(browser, the_form(browser, family.address), (name, content)).status_code == 303
    row = documents(database)[-1]
    cleared(database, row)
    return row


def path_of(tmp_path: Path, row: DocumentReference) -> Path:
    return tmp_path / "shared" / "kept" / row.file_name[:2] / row.file_name
