"""Fills in the form as a browser does, and looks up documents afterwards."""

from collections.abc import Sequence
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.models import DocumentReference
from portal.vocabulary import Scan
from tests.appointments.pages import Form, form_of

File = tuple[str, bytes]
EDGE = "an-edge-that-is-in-no-file"
MULTIPART = f"multipart/form-data; boundary={EDGE}"


def the_form(client: FlaskClient, address: str) -> Form:
    """The empty form of a patient's documents, with its keys."""
    page = client.get(f"{address}/new")
    assert page.status_code == 200, page.text
    return form_of(page, "Send")[0]


def send(client: FlaskClient, form: Form, *files: File, **typed: Any) -> TestResponse:
    """Sends these files with the form; by default a letter."""
    body = body_of(form, *files, **typed)
    return client.post(form.address, data=body, content_type=MULTIPART)


def body_of(form: Form, *files: File, **typed: Any) -> bytes:
    fields = {"type": "letter", **form.fields, **typed}
    fields.pop("files", None)
    return _multipart(fields, files)


def _multipart(fields: dict[str, str], files: Sequence[File]) -> bytes:
    """The request body as browsers write it, also with unusual names (HTML, "multipart form data")."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    for name, content in files:
        quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'name="files"; filename="{quoted}"\r\nContent-Type: image/png\r\n\r\n'
        parts.append(head.encode() + content)
    begin = f"--{EDGE}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(begin + part + b"\r\n" for part in parts) + f"--{EDGE}--\r\n".encode()


def documents(database: Session) -> list[DocumentReference]:
    database.rollback()
    database.expire_all()
    return list(database.scalars(select(DocumentReference).order_by(DocumentReference.id)))


def cleared(database: Session, *rows: DocumentReference, **facts: Any) -> None:
    """Changes the row like a virus check without findings."""
    for row in rows:
        for name, value in {"scan": Scan.CLEAN, **facts}.items():
            setattr(row, name, value)
    database.commit()
