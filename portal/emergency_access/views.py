"""Opening a record in an emergency, and the administrator's list of these accesses."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.database import db
from portal.emergency_access import actions, queries
from portal.emergency_access.forms import BreakGlassForm, ReviewForm, review_shown
from portal.vocabulary import ReviewOutcome
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.forms import page_errors
from portal.web.pages import Menu, page
from portal.web.rate_limits import Limit, spend

views = Blueprint("emergency_access", __name__)

REVIEWS = "/administration/emergency-access"
ATTEMPTS_AN_HOUR = 20
"""Enough for a night in an emergency department, but too few to guess numbers."""


@views.route("/emergency-access", methods=["GET", "POST"])
@page(Deed.BREAK_GLASS)
def open_record() -> Answer:
    form, context = BreakGlassForm(), current.context()

    def send() -> Response:
        _count_attempt()
        ref = actions.open_record(
            context, hospital_number=form.number, born=form.born.day, reason=form.reason.data
        )
        hours = context.hospital.emergency_access_hours
        said = (
            f"The record is open to you for {hours} hours. The patient can see that you opened it."
        )
        return done(said, "record.show", patient_ref=ref)

    def show() -> str:
        return render_template(
            "emergency_access/open_record.html", form=form, errors=page_errors(form)
        )

    return round_trip(form, send, show)


def _count_attempt() -> None:
    spend(
        db.session(),
        f"emergency access {current.actor().ref}",
        Limit(ATTEMPTS_AN_HOUR, timedelta(hours=1)),
        current.now(),
    )
    # Commit now, so that refused attempts also count.
    db.session.commit()


@views.get(REVIEWS)
@page(Deed.REVIEW_EMERGENCY_ACCESS, menu=Menu("Emergency access"))
def reviews() -> str:
    known = {outcome.value: outcome for outcome in ReviewOutcome}
    outcome = known.get(request.args.get("outcome", ""), ReviewOutcome.WAITING)
    before = current.ref_argument("before")
    return render_template(
        "emergency_access/reviews.html",
        outcome=outcome,
        outcomes=ReviewOutcome,
        found=queries.reviews(current.context(), outcome, before=before),
    )


@views.route(f"{REVIEWS}/<string(length=20):access_ref>", methods=["GET", "POST"])
@page(Deed.REVIEW_EMERGENCY_ACCESS)
def review(access_ref: str) -> Answer:
    form, context = ReviewForm(), current.context()

    def send() -> Response:
        access, found = form.seen(access_ref), ReviewOutcome(form.outcome.data)
        actions.review(context, access=access, found=found, note=form.note.data)
        return done("The review has been saved.", ".reviews")

    def show() -> str:
        row = queries.review_of(context, access_ref)
        form.see(review_shown(row))
        return render_template(
            "emergency_access/review.html", form=form, row=row, errors=page_errors(form)
        )

    return round_trip(form, send, show)
