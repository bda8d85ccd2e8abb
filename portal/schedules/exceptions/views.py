from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.schedules.exceptions import actions, queries
from portal.schedules.forms import ConfirmSeenForm
from portal.schedules.slots.taking_out import by_day, to_rebook
from portal.schedules.views import EXCEPTION, form_page, outcome
from portal.vocabulary import ExceptionKind
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.pages import Menu, page
from portal.web.seen import Shown

views = Blueprint("exceptions", __name__, url_prefix="/administration")

MOST_DAYS = 20


@views.get("/exceptions")
@page(Deed.MANAGE_SCHEDULES, menu=Menu("Days off and extra clinics"))
def exceptions() -> str:
    context = current.context()
    found = queries.exceptions(context)
    booked = to_rebook(context.session, context.now)
    return render_template(
        "schedules/exceptions/exceptions.html",
        exceptions=found,
        number=len(booked),
        groups=by_day(booked, context.hospital),
        most=MOST_DAYS,
    )


@views.route(f"{EXCEPTION}/end", methods=["GET", "POST"])
@page(Deed.MANAGE_SCHEDULES)
def end_exception(exception_ref: str) -> Answer:
    context, form = current.context(), ConfirmSeenForm()

    def send() -> Response:
        row = queries.exception(context, exception_ref)
        exception, confirmed = form.seen(exception_ref), form.confirmed.data
        effect = actions.end_exception(context, exception=exception, confirmed=confirmed)
        if row.kind is ExceptionKind.EXTRA:
            return done(f"The extra clinic has been ended.{outcome(effect)}", ".exceptions")
        return done(f"The {row.kind.value} has been ended. Its times can be booked.", ".exceptions")

    def show() -> str:
        row = queries.exception(context, exception_ref)
        form.see(Shown(row.version, row.in_words))
        return form_page("exceptions/end_exception", form, row=row)()

    return round_trip(form, send, show)
