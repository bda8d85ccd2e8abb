"""Days off and extra clinics."""

from typing import Any

from flask import render_template, request

from portal.access import Deed
from portal.database import db
from portal.models import ExceptionKind
from portal.schedules import (
    absence_actions,
    bank_holidays,
    exception_queries,
    extra_actions,
    queries,
    rebooking,
)
from portal.schedules.clinic_forms import ConfirmForm
from portal.schedules.exception_forms import (
    ALL_CLINICS,
    BankHolidayForm,
    ClosureForm,
    ExtraForm,
    LeaveForm,
)
from portal.schedules.views import EXCEPTION, Answer, done, outcome, page, refusals, views
from portal.schedules.wording import counted
from portal.web import current
from portal.web.current import setting
from portal.web.guard import deed

MOST_DAYS = 20


@views.get("/exceptions")
@deed(Deed.MANAGE_SCHEDULES)
def exceptions() -> str:
    found = exception_queries.exceptions(db.session(), **setting())
    booked = rebooking.to_rebook(db.session(), current.now())
    return render_template(
        "schedules/exceptions.html",
        exceptions=found,
        number=len(booked),
        groups=rebooking.by_day(booked, current.hospital()),
        most=MOST_DAYS,
    )


@views.route("/exceptions/leave/new", methods=["GET", "POST"])
@deed(Deed.MANAGE_SCHEDULES)
def new_leave() -> Answer:
    form = LeaveForm(practitioner=request.args.get("practitioner"))
    form.practitioner.choices = _choices("Choose who is away", queries.practitioner_choices)
    if form.validate_on_submit():
        with refusals(form):
            effect = absence_actions.add_leave(
                db.session(),
                practitioner_ref=form.practitioner.data,
                facts=form.facts,
                confirmed=form.confirmed.data,
                **setting(),
            )
            return done(f"The leave was added.{outcome(effect)}", "exceptions")
    return page("new_leave", form)


@views.route("/exceptions/closures/new", methods=["GET", "POST"])
@deed(Deed.MANAGE_SCHEDULES)
def new_closure() -> Answer:
    form = ClosureForm()
    clinics = _choices("Choose a clinic", queries.clinic_choices)
    form.location.choices = clinics | {ALL_CLINICS: "All clinics"}
    if form.validate_on_submit():
        with refusals(form):
            effect = absence_actions.add_closures(
                db.session(),
                location_ref=form.location_ref,
                closures=[form.facts],
                confirmed=form.confirmed.data,
                **setting(),
            )
            return done(f"The closure was added.{outcome(effect)}", "exceptions")
    return page("new_closure", form)


@views.route("/exceptions/extra/new", methods=["GET", "POST"])
@deed(Deed.MANAGE_SCHEDULES)
def new_extra() -> Answer:
    form = ExtraForm(practitioner=request.args.get("practitioner"))
    form.practitioner.choices = _choices("Choose who works", queries.practitioner_choices)
    form.location.choices = _choices("Choose a clinic", queries.clinic_choices)
    if form.validate_on_submit():
        with refusals(form):
            made = extra_actions.add_extra(
                db.session(),
                practitioner_ref=form.practitioner.data,
                facts=form.facts,
                **setting(),
            )
            message = f"The extra clinic was added with {counted(made, 'time')} to book."
            return done(message, "exceptions")
    return page("new_extra", form)


@views.route(f"{EXCEPTION}/end", methods=["GET", "POST"])
@deed(Deed.MANAGE_SCHEDULES)
def end_exception(exception_ref: str) -> Answer:
    row = exception_queries.exception(db.session(), ref=exception_ref, **setting())
    form = ConfirmForm()
    if form.validate_on_submit():
        with refusals(form):
            effect = extra_actions.end_exception(
                db.session(),
                exception_ref=exception_ref,
                confirmed=form.confirmed.data,
                **setting(),
            )
            if row.kind is ExceptionKind.EXTRA:
                return done(f"The extra clinic was ended.{outcome(effect)}", "exceptions")
            return done("It was ended, and its times can be booked again.", "exceptions")
    return page("end_exception", form, row=row)


@views.route("/exceptions/bank-holidays", methods=["GET", "POST"])
@deed(Deed.MANAGE_SCHEDULES)
def bank_holiday_closures() -> Answer:
    years = bank_holidays.years(current.hospital(), current.now())
    asked = request.args.get("year", "")
    year = next((year for year in years if str(year) == asked), years[0])
    suggested = bank_holidays.suggestions(db.session(), year=year, **setting())
    form = BankHolidayForm()
    form.days.choices = {
        str(found.day): f"{found.name}, {found.day:%A} {found.day.day} {found.day:%B}"
        for found in suggested
        if not found.closed
    }
    if form.validate_on_submit():
        with refusals(form):
            effect = bank_holidays.close_on(
                db.session(), days=form.dates, confirmed=form.confirmed.data, **setting()
            )
            closed = counted(len(form.dates), "bank holiday")
            return done(f"All clinics are closed on {closed}.{outcome(effect)}", "exceptions")
    return page("bank_holidays", form, year=year, years=years, suggested=suggested)


def _choices(prompt: str, offered: Any) -> dict[str, str]:
    return {"": prompt, **offered(db.session())}
