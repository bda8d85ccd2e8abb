"""Marking a patient as deceased, and undoing it."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.chart.death import actions, queries
from portal.chart.death.forms import MarkForm, TakeBackForm
from portal.patients.addresses import PATIENT
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.forms import page_errors
from portal.web.pages import page
from portal.web.seen import SeenForm, Shown
from portal.words import counted

views = Blueprint("death", __name__)

DEATH = f"{PATIENT}/death"


@views.route(DEATH, methods=["GET", "POST"])
@page(Deed.MARK_DECEASED)
def mark(patient_ref: str) -> Answer:
    form, context = MarkForm(), current.context()

    def send() -> Response:
        patient, ahead = form.all_seen(patient_ref, "ahead")
        died_on = form.died_on.data
        count = actions.mark(context, patient=patient, ahead=ahead.version, died_on=died_on)
        said = f"The patient is marked as deceased. {counted(count, 'appointment')} ended."
        return done(said, ".take_back", patient_ref=patient_ref)

    return round_trip(form, send, lambda: _page(patient_ref, form))


@views.route(f"{DEATH}/take-back", methods=["GET", "POST"])
@page(Deed.MARK_DECEASED)
def take_back(patient_ref: str) -> Answer:
    form, context = TakeBackForm(), current.context()

    def send() -> Response:
        actions.take_back(context, patient=form.seen(patient_ref))
        said = "The patient is no longer marked as deceased. No appointment was booked again."
        return done(said, ".mark", patient_ref=patient_ref)

    return round_trip(form, send, lambda: _page(patient_ref, form))


def _page(patient_ref: str, form: SeenForm) -> str:
    context = current.context()
    subject = context.patient(Deed.MARK_DECEASED, patient_ref)
    found = queries.ahead_of(context, subject)
    marks = isinstance(form, MarkForm)
    state = "Deceased" if subject.deceased_on else "Not marked as deceased"
    words = f"{state}. {counted(len(found.booked), 'appointment')} ahead"
    form.see(Shown((found.version, len(found.booked)) if marks else found.version, words))
    return render_template(
        "chart/death.html" if marks else "chart/death_take_back.html",
        subject=subject,
        form=form,
        errors=page_errors(form),
        found=found,
    )
