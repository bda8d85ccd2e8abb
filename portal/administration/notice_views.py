"""Notices: what failed and may be sent again, what waits, what was dropped."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.administration import notice_actions, notice_queries
from portal.administration.views import views
from portal.database import db
from portal.models import Notice
from portal.web import current
from portal.web.current import page_number
from portal.web.guard import deed

SHOWN = {
    state.value: state
    for state in (
        Notice.State.FAILED,
        Notice.State.WAITING,
        Notice.State.DROPPED,
        Notice.State.SENT,
    )
}


@views.get("/notices")
@deed(Deed.MANAGE_NOTICES)
def notices() -> str:
    state, page = SHOWN.get(request.args.get("state", ""), Notice.State.FAILED), page_number()
    found = notice_queries.notices(
        db.session(), by=current.actor(), state=state, page=page, now=current.now()
    )
    return render_template(
        "administration/notices.html", notices=found, state=state.value, states=SHOWN, page=page
    )


@views.post("/notices/<string(length=20):notice_ref>/send-again")
@deed(Deed.MANAGE_NOTICES)
def send_again(notice_ref: str) -> Response:
    notice_actions.send_again(db.session(), by=current.actor(), ref=notice_ref, now=current.now())
    flash("The notice is sent again within a few seconds.")
    return redirect(url_for(".notices"), code=303)


@views.post("/notices/send-again")
@deed(Deed.MANAGE_NOTICES)
def send_all_again() -> Response:
    count = notice_actions.send_all_again(db.session(), by=current.actor(), now=current.now())
    flash(f"{count} {'notice is' if count == 1 else 'notices are'} sent again.")
    return redirect(url_for(".notices"), code=303)
