from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.schedules import lookup
from portal.schedules.absences import actions, bank_holidays
from portal.schedules.absences.forms import ALL_CLINICS, BankHolidayForm, ClosureForm, LeaveForm
from portal.schedules.views import form_page, outcome
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.pages import page
from portal.words import counted, long_day

views = Blueprint("absences", __name__, url_prefix="/administration/exceptions")

LIST = "exceptions.exceptions"


@views.route("/leave/new", methods=["GET", "POST"])
@page(Deed.MANAGE_SCHEDULES)
def new_leave() -> Answer:
    context = current.context()
    form = LeaveForm(practitioner=request.args.get("practitioner"))
    who = lookup.practitioner_choices(context.session)
    form.practitioner.choices = {"": "Choose who is away", **who}

    def send() -> Response:
        effect = actions.add_leave(
            context,
            practitioner_ref=form.practitioner.data,
            facts=form.facts,
            confirmed=form.confirmed.data,
        )
        return done(f"The leave has been added.{outcome(effect)}", LIST)

    return round_trip(form, send, form_page("absences/new_leave", form))


@views.route("/closures/new", methods=["GET", "POST"])
@page(Deed.MANAGE_SCHEDULES)
def new_closure() -> Answer:
    context = current.context()
    form = ClosureForm()
    clinics = lookup.clinic_choices(context.session)
    form.location.choices = {"": "Choose a clinic", **clinics, ALL_CLINICS: "All clinics"}

    def send() -> Response:
        effect = actions.add_closures(
            context,
            location_ref=form.location_ref,
            closures=[form.facts],
            confirmed=form.confirmed.data,
        )
        return done(f"The closure has been added.{outcome(effect)}", LIST)

    return round_trip(form, send, form_page("absences/new_closure", form))


@views.route("/bank-holidays", methods=["GET", "POST"])
@page(Deed.MANAGE_SCHEDULES)
def bank_holiday_closures() -> Answer:
    context = current.context()
    years = bank_holidays.years(context)
    asked = request.args.get("year", "")
    year = next((year for year in years if str(year) == asked), years[0])
    suggested = bank_holidays.suggestions(context, year)
    form = BankHolidayForm()
    form.days.choices = {
        str(found.day): f"{found.name}, {long_day(found.day, context.hospital.locale)}"
        for found in suggested
        if not found.closed
    }

    def send() -> Response:
        effect = bank_holidays.close_on(context, days=form.dates, confirmed=form.confirmed.data)
        closed = counted(len(form.dates), "bank holiday")
        return done(f"All clinics are closed on {closed}.{outcome(effect)}", LIST)

    show = form_page("absences/bank_holidays", form, year=year, years=years, suggested=suggested)
    return round_trip(form, send, show)
