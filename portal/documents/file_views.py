"""The files themselves: to keep, to look at in a sandbox, or in small."""

import unicodedata
from typing import IO, cast
from urllib.parse import quote

from flask import request
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from portal.access import Deed
from portal.database import db
from portal.documents import damage, queries
from portal.documents.kinds import Kind
from portal.documents.queries import Document
from portal.documents.views import DOCUMENT, PREVIEWED, views
from portal.errors import NotFound, Refused
from portal.models import Thumbnail
from portal.shared_files import Damaged, FileReader, Missing
from portal.web import current
from portal.web.current import setting
from portal.web.guard import deed
from portal.web.uploads import store

PIECE = 256 * 1024
"""Bytes that are read and sent at a time."""

SANDBOX = (
    "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
"""Nothing in the file may run or fetch. Browsers' own viewers style the page that they make of it."""


@views.get(f"{DOCUMENT}/file")
@deed(Deed.OPEN_DOCUMENT)
def download(patient_ref: str, document_ref: str) -> Response:
    return _answer(*_open(patient_ref, document_ref, "download"), "attachment")


@views.get(f"{DOCUMENT}/preview")
@deed(Deed.OPEN_DOCUMENT)
def preview(patient_ref: str, document_ref: str) -> Response:
    document, file = _open(patient_ref, document_ref, "preview")
    shown = document.content_type in PREVIEWED
    return _answer(document, file, "inline" if shown else "attachment")


@views.get(f"{DOCUMENT}/thumbnail")
@deed(Deed.OPEN_DOCUMENT)
def thumbnail(patient_ref: str, document_ref: str) -> Response:
    document = _openable(patient_ref, document_ref, "thumbnail")
    if document.thumbnail is not Thumbnail.MADE:
        raise NotFound
    try:
        picture = store().get(document.thumbnail_name)
    except Missing:
        raise NotFound from None
    answer = Response(picture, mimetype=Kind.PNG.value)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.set_etag(document.sha256)
    return answer.make_conditional(request)


def _openable(patient_ref: str, document_ref: str, opened: str) -> Document:
    """The document, if its file may be opened; raises `Refused` with the reason when it may not."""
    subject, document = queries.open_document(
        db.session(),
        deed=Deed.OPEN_DOCUMENT,
        patient_ref=patient_ref,
        ref=document_ref,
        opened=opened,
        **setting(),
    )
    if why := document.why_closed(current.actor(), subject):
        raise Refused(why)
    return document


def _open(patient_ref: str, document_ref: str, opened: str) -> tuple[Document, FileReader]:
    document = _openable(patient_ref, document_ref, opened)
    try:
        return document, store().open_intact(document.stored)
    except Damaged as fault:
        damage.report(db.session(), ref=document.ref, now=current.now())
        db.session().commit()  # The guard takes back what a refused page wrote, but this was found.
        raise Refused(fault.message) from fault


def _answer(document: Document, file: FileReader, disposition: str) -> Response:
    """Sends the file, or the range of it that was asked for."""
    answer = Response(
        wrap_file(request.environ, cast("IO[bytes]", file), PIECE),
        mimetype=document.content_type,
        direct_passthrough=True,
    )
    answer.call_on_close(file.close)
    answer.content_length = file.size
    answer.set_etag(document.sha256)
    answer.headers["Content-Disposition"] = _disposition(disposition, document.attachment_title)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer.make_conditional(request, accept_ranges=True, complete_length=file.size)


def _disposition(kind: str, name: str) -> str:
    """RFC 6266: the name, safe already, in ASCII for old browsers, and as it is, encoded after RFC 8187."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(sign for sign in plain if sign.isalnum() or sign in " ._-()").strip(" .")
    encoded = quote(name, safe="!#$&+-.^_`|~")
    return f"{kind}; filename=\"{plain or 'document'}\"; filename*=UTF-8''{encoded}"
