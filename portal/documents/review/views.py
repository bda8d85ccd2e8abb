"""The administrator's page: files that were rejected, and files that have changed."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.documents.checking.kinds import Kind
from portal.documents.review import actions, queries
from portal.shared_files import Damaged, StoredFile
from portal.web import current
from portal.web.form_pages import Changed, done, press
from portal.web.pages import Menu, page
from portal.web.seen import Shown, seen_sent
from portal.web.uploads import store

views = Blueprint("review", __name__)

REVIEW = "/administration/files"
DIFFERS = "The file still differs from what was received. It stays blocked."
WHOLE = "The file matches what was received. It can be opened again."


@views.get(REVIEW)
@page(Deed.REVIEW_FILES, menu=Menu("Files"))
def files() -> str:
    return render_template(
        "documents/review/files.html",
        review=queries.review(current.context()),
        shown=file_shown,
        kinds=Kind,
        days=current.hospital().rejected_file_days,
        scanner=current.settings().has_scanner,
        trouble=store().trouble,
        most=queries.MOST,
    )


@views.post(f"{REVIEW}/<string(length=20):document_ref>/check-again")
@page(Deed.REVIEW_FILES)
def check_again(document_ref: str) -> Response:
    context, document = current.context(), seen_sent(document_ref)

    def send() -> Response:
        whole = _is_whole(queries.file_of(context, document_ref))
        actions.compared(context, document=document, whole=whole)
        return done(WHOLE if whole else DIFFERS, ".files")

    def now() -> Changed:
        return Changed(file_shown(queries.closed_file(context, document_ref)), url_for(".files"))

    return press(send, now)


def _is_whole(stored: StoredFile) -> bool:
    try:
        store().open_intact(stored).close()
    except Damaged:
        return False
    return True


def file_shown(file: queries.ClosedFile) -> Shown:
    """Identified by reference, because administrators see no titles."""
    return Shown(file.version, f"{file.ref}, {'damaged' if file.damaged_at else 'whole'}")
