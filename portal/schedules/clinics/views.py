from datetime import time

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.schedules import lookup
from portal.schedules.clinics import actions, queries
from portal.schedules.clinics.forms import ClinicForm, clinic_shown
from portal.schedules.forms import ConfirmSeenForm
from portal.schedules.rules import Span
from portal.schedules.views import CLINIC, form_page, outcome
from portal.web import current
from portal.web.form_pages import Answer, Changed, done, press, round_trip
from portal.web.pages import Menu, page
from portal.web.seen import seen_sent

views = Blueprint("clinics", __name__, url_prefix="/administration")

USUAL_HOURS = time(8), time(18)


@views.get("/clinics")
@page(Deed.MANAGE_CLINICS, menu=Menu("Clinics"))
def clinics() -> str:
    found = queries.clinics(current.context())
    return render_template("schedules/clinics/clinics.html", clinics=found)


@views.route("/clinics/new", methods=["GET", "POST"])
@page(Deed.MANAGE_CLINICS)
def new_clinic() -> Answer:
    form = ClinicForm(data={f"hours_{day}": [Span(day, *USUAL_HOURS)] for day in range(5)})

    def send() -> Response:
        actions.add_clinic(current.context(), form.facts)
        return done(f"{form.name.data} has been added.", ".clinics")

    return round_trip(form, send, form_page("clinics/clinic", form, clinic=None))


@views.route(CLINIC, methods=["GET", "POST"])
@page(Deed.MANAGE_CLINICS)
def clinic(location_ref: str) -> Answer:
    context, form = current.context(), ClinicForm()

    def send() -> Response:
        actions.change_clinic(context, clinic=form.seen(location_ref), facts=form.facts)
        return done(f"{form.name.data} has been changed.", ".clinics")

    def show() -> str:
        found = queries.clinic(context, location_ref)
        shown = clinic_shown(found, lookup.hours_of(context.session, found.id))
        form.see(shown)
        return form_page("clinics/clinic", form, clinic=found, shown=shown)()

    return round_trip(form, send, show)


@views.route(f"{CLINIC}/close", methods=["GET", "POST"])
@page(Deed.MANAGE_CLINICS)
def close_clinic(location_ref: str) -> Answer:
    context, form = current.context(), ConfirmSeenForm()

    def send() -> Response:
        found = queries.clinic(context, location_ref)
        clinic, confirmed = form.seen(location_ref), form.confirmed.data
        effect = actions.close_clinic(context, clinic=clinic, confirmed=confirmed)
        return done(f"{found.name} has been closed.{outcome(effect)}", ".clinics")

    def show() -> str:
        found = queries.clinic(context, location_ref)
        form.see(clinic_shown(found))
        return form_page("clinics/close_clinic", form, clinic=found)()

    return round_trip(form, send, show)


@views.post(f"{CLINIC}/reopen")
@page(Deed.MANAGE_CLINICS)
def reopen_clinic(location_ref: str) -> Response:
    context = current.context()

    def send() -> Response:
        actions.reopen_clinic(context, clinic=seen_sent(location_ref))
        return done("The clinic is open again and its times can be booked.", ".clinics")

    def now() -> Changed:
        found = queries.clinic(context, location_ref)
        return Changed(clinic_shown(found), url_for(".clinic", location_ref=location_ref))

    return press(send, now)
