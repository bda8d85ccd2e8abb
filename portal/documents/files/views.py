"""Serves the files: for saving, for viewing in a sandbox, or as a thumbnail."""

import unicodedata
from typing import IO, cast
from urllib.parse import quote

from flask import Blueprint, request
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from portal.access import Deed
from portal.documents import queries
from portal.documents.checking.kinds import PREVIEWED, Kind
from portal.documents.files import damage
from portal.documents.queries import Document
from portal.documents.views import DOCUMENT
from portal.errors import NotFound, Refused
from portal.shared_files import Damaged, FileReader, Missing
from portal.vocabulary import Thumbnail
from portal.web import current
from portal.web.pages import page
from portal.web.uploads import store

views = Blueprint("files", __name__)

PIECE = 256 * 1024
"""Bytes per read."""

SANDBOX = (
    "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
"""The file may not run scripts or load anything. Browsers' own viewers need styles."""


@views.get(f"{DOCUMENT}/file")
@page(Deed.OPEN_DOCUMENT)
def download(patient_ref: str, document_ref: str) -> Response:
    return _answer(*_open(patient_ref, document_ref, "download"), "attachment")


@views.get(f"{DOCUMENT}/preview")
@page(Deed.OPEN_DOCUMENT)
def preview(patient_ref: str, document_ref: str) -> Response:
    document, file = _open(patient_ref, document_ref, "preview")
    shown = document.content_type in PREVIEWED
    return _answer(document, file, "inline" if shown else "attachment")


@views.get(f"{DOCUMENT}/thumbnail")
@page(Deed.OPEN_DOCUMENT)
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
    context, deed = current.context(), Deed.OPEN_DOCUMENT
    subject, document = queries.open_document(
        context, deed, patient_ref=patient_ref, ref=document_ref, opened=opened
    )
    if why := document.why_closed(context.by, subject):
        raise Refused(why)
    return document


def _open(patient_ref: str, document_ref: str, opened: str) -> tuple[Document, FileReader]:
    document = _openable(patient_ref, document_ref, opened)
    try:
        return document, store().open_intact(document.stored)
    except Damaged as fault:
        context = current.context()
        damage.report(context, document.ref)
        # Commit now: the guard rolls back a refused page, but this finding must be kept.
        context.session.commit()
        raise Refused(fault.message) from fault


def _answer(document: Document, file: FileReader, disposition: str) -> Response:
    """Sends the file, or the requested range of it."""
    answer = Response(
        wrap_file(request.environ, cast("IO[bytes]", file), PIECE),
        mimetype=document.content_type,
        direct_passthrough=True,
    )
    answer.content_length = file.size
    answer.set_etag(document.sha256)
    answer.headers["Content-Disposition"] = _disposition(disposition, document.attachment_title)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer.make_conditional(request, accept_ranges=True, complete_length=file.size)


def _disposition(kind: str, name: str) -> str:
    """RFC 6266: the safe name in ASCII for old browsers, and the full name encoded by RFC 8187.

    Werkzeug does this only in `send_file`, which needs a file on the local disk.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(sign for sign in plain if sign.isalnum() or sign in " ._-()").strip(" .")
    encoded = quote(name, safe="!#$&+-.^_`|~")
    return f"{kind}; filename=\"{plain or 'document'}\"; filename*=UTF-8''{encoded}"
