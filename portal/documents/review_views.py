"""The administrator's page: files that were rejected, and files that are not what they were."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.database import db
from portal.documents import damage, reviewing
from portal.documents.kinds import Kind
from portal.documents.views import views
from portal.shared_files import Damaged
from portal.web import current
from portal.web.guard import deed
from portal.web.uploads import store

REVIEW = "/administration/files"


@views.get(REVIEW)
@deed(Deed.REVIEW_FILES)
def review() -> str:
    found = reviewing.review(db.session(), by=current.actor(), now=current.now())
    return render_template(
        "documents/review.html",
        review=found,
        kinds=Kind,
        days=current.hospital().rejected_file_days,
        scanner=current.settings().scanner_address is not None,
        trouble=store().trouble,
        most=reviewing.MOST,
    )


@views.post(f"{REVIEW}/<string(length=20):document_ref>/check-again")
@deed(Deed.REVIEW_FILES)
def check_again(document_ref: str) -> Response:
    by, now = current.actor(), current.now()
    stored = reviewing.file_of(db.session(), by=by, ref=document_ref)
    try:
        store().open_intact(stored).close()
    except Damaged:
        damage.report(db.session(), ref=document_ref, now=now)
        flash("The file still does not match what was received. It stays closed.")
    else:
        damage.found_whole(db.session(), by=by, deed=Deed.REVIEW_FILES, ref=document_ref, now=now)
        flash("The file matches what was received. It can be opened again.")
    return redirect(url_for(".review"), code=303)
