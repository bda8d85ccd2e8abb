from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.schedules import lookup
from portal.schedules.forms import ConfirmSeenForm
from portal.schedules.practitioners import actions, queries
from portal.schedules.practitioners.forms import PractitionerForm, practitioner_shown
from portal.schedules.views import PRACTITIONER, form_page, outcome
from portal.web import current
from portal.web.form_pages import Answer, Changed, done, press, round_trip
from portal.web.pages import page
from portal.web.seen import seen_sent

views = Blueprint("practitioners", __name__, url_prefix="/administration")


@views.get("/practitioners")
@page(Deed.MANAGE_CLINICS)
def practitioners() -> str:
    found = queries.practitioners(current.context())
    return render_template("schedules/practitioners/practitioners.html", practitioners=found)


@views.route("/practitioners/new", methods=["GET", "POST"])
@page(Deed.MANAGE_CLINICS)
def new_practitioner() -> Answer:
    context = current.context()
    form = PractitionerForm()
    form.locations.choices = lookup.clinic_choices(context.session)

    def send() -> Response:
        ref = actions.add_practitioner(context, form.facts)
        message = f"{form.name} has been added. Add their weekly sessions."
        return done(message, "weekly.week", practitioner_ref=ref)

    show = form_page("practitioners/practitioner", form, practitioner=None)
    return round_trip(form, send, show)


@views.route(PRACTITIONER, methods=["GET", "POST"])
@page(Deed.MANAGE_CLINICS)
def practitioner(practitioner_ref: str) -> Answer:
    context, form = current.context(), PractitionerForm()
    form.locations.choices = lookup.clinic_choices(context.session)

    def send() -> Response:
        actions.change_practitioner(context, whose=form.seen(practitioner_ref), facts=form.facts)
        return done(f"{form.name} has been changed.", ".practitioners")

    def show() -> str:
        found = queries.practitioner(context, practitioner_ref)
        shown = practitioner_shown(found, lookup.clinic_choices(context.session, found.id))
        form.see(shown)
        return form_page("practitioners/practitioner", form, practitioner=found, shown=shown)()

    return round_trip(form, send, show)


@views.route(f"{PRACTITIONER}/deactivate", methods=["GET", "POST"])
@page(Deed.MANAGE_CLINICS)
def deactivate_practitioner(practitioner_ref: str) -> Answer:
    context, form = current.context(), ConfirmSeenForm()

    def send() -> Response:
        found = queries.practitioner(context, practitioner_ref)
        whose, confirmed = form.seen(practitioner_ref), form.confirmed.data
        effect = actions.deactivate_practitioner(context, whose=whose, confirmed=confirmed)
        return done(f"{found.name} can't be booked any more.{outcome(effect)}", ".practitioners")

    def show() -> str:
        found = queries.practitioner(context, practitioner_ref)
        form.see(practitioner_shown(found))
        return form_page("practitioners/deactivate_practitioner", form, practitioner=found)()

    return round_trip(form, send, show)


@views.post(f"{PRACTITIONER}/reactivate")
@page(Deed.MANAGE_CLINICS)
def reactivate_practitioner(practitioner_ref: str) -> Response:
    context = current.context()

    def send() -> Response:
        actions.reactivate_practitioner(context, whose=seen_sent(practitioner_ref))
        return done("They can be booked again in their sessions.", ".practitioners")

    def now() -> Changed:
        found = queries.practitioner(context, practitioner_ref)
        back = url_for(".practitioner", practitioner_ref=practitioner_ref)
        return Changed(practitioner_shown(found), back)

    return press(send, now)
