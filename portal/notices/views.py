"""The lists of failed, waiting and dropped notices, and sending failed ones again."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.notices import actions, queries
from portal.vocabulary import NoticeState
from portal.web import current
from portal.web.form_pages import Changed, done, press
from portal.web.pages import Menu, page
from portal.web.seen import Shown, seen_sent
from portal.words import counted

views = Blueprint("notices", __name__, url_prefix="/administration/notices")

ALL = ""
"""The list of all failed notices has no reference."""

SHOWN = {
    state.value: state
    for state in (NoticeState.FAILED, NoticeState.WAITING, NoticeState.DROPPED, NoticeState.SENT)
}


@views.get("")
@page(Deed.MANAGE_NOTICES, menu=Menu("Notices"))
def notices() -> str:
    state = SHOWN.get(request.args.get("state", ""), NoticeState.FAILED)
    number = current.page_number()
    found = queries.notices(current.context(), state, number)
    return render_template(
        "notices/notices.html",
        notices=found,
        shown=notice_shown,
        all_shown=all_shown(found),
        state=state,
        states=SHOWN.values(),
        page=number,
    )


@views.post("/<string(length=20):notice_ref>/send-again")
@page(Deed.MANAGE_NOTICES)
def send_again(notice_ref: str) -> Response:
    context = current.context()

    def send() -> Response:
        actions.send_again(context, notice=seen_sent(notice_ref))
        return done("The notice will be sent again within a few seconds.", ".notices")

    def now() -> Changed:
        return Changed(notice_shown(queries.notice(context, notice_ref)), url_for(".notices"))

    return press(send, now)


@views.post("/send-again")
@page(Deed.MANAGE_NOTICES)
def send_all_again() -> Response:
    context = current.context()

    def send() -> Response:
        count = actions.send_all_again(context, version=seen_sent(ALL).version)
        some = "1 notice" if count == 1 else f"{count} notices"
        return done(f"{some} will be sent again.", ".notices")

    def now() -> Changed:
        found = queries.notices(context, NoticeState.FAILED, 1)
        return Changed(all_shown(found), url_for(".notices"))

    return press(send, now)


def notice_shown(row: queries.NoticeRow) -> Shown:
    tried = counted(row.attempts, "attempt")
    return Shown(row.attempts, f"{row.occasion.title}, {row.state.title.lower()}, {tried}")


def all_shown(found: queries.Notices) -> Shown:
    return Shown(found.failed_version, counted(found.failed, "failed notice"))
