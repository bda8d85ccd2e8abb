from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.schedules import lookup
from portal.schedules.extra_clinics import actions
from portal.schedules.extra_clinics.forms import ExtraForm
from portal.schedules.views import form_page
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.pages import page
from portal.words import counted

views = Blueprint("extra_clinics", __name__, url_prefix="/administration/exceptions")


@views.route("/extra/new", methods=["GET", "POST"])
@page(Deed.MANAGE_SCHEDULES)
def new_extra() -> Answer:
    context = current.context()
    form = ExtraForm(practitioner=request.args.get("practitioner"))
    who, where = (
        lookup.practitioner_choices(context.session),
        lookup.clinic_choices(context.session),
    )
    form.practitioner.choices = {"": "Choose who works", **who}
    form.location.choices = {"": "Choose a clinic", **where}

    def send() -> Response:
        made = actions.add_extra(context, practitioner_ref=form.practitioner.data, facts=form.facts)
        message = f"The extra clinic has been added with {counted(made, 'time')} to book."
        return done(message, "exceptions.exceptions")

    return round_trip(form, send, form_page("extra_clinics/new_extra", form))
