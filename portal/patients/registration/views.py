"""Registering a patient, and changing their details or only their contact details."""

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.patients.addresses import PATIENT
from portal.patients.registration import actions, queries
from portal.patients.registration.described import described
from portal.patients.registration.forms import (
    ContactForm,
    DemographicsForm,
    RegisterForm,
    kept_shown,
)
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.forms import page_errors
from portal.web.pages import page

views = Blueprint("registration", __name__)


@views.route("/patients/new", methods=["GET", "POST"])
@page(Deed.REGISTER_PATIENT)
def register() -> Answer:
    form = RegisterForm()

    def send() -> Response:
        if form.again.data:
            return make_response(show())
        context = current.context()
        duplicates = queries.likely_duplicates(context, demographics=form.demographics)
        if any(one.patient.ref not in (form.seen.data or "").split() for one in duplicates):
            return make_response(_ask_whether_they_are_one(form, duplicates))
        patient = actions.register(context, demographics=form.demographics)
        return done("The patient is registered.", "chart.show", patient_ref=patient.ref)

    def show() -> str:
        form.again.data = form.seen.data = ""
        return render_template(
            "patients/registration/register.html", form=form, errors=page_errors(form)
        )

    return round_trip(form, send, show)


def _ask_whether_they_are_one(form: RegisterForm, duplicates: list[queries.Duplicate]) -> str:
    form.seen.data = " ".join(one.patient.ref for one in duplicates)
    locale = current.hospital().locale
    found = [
        (one, described(form.demographics, one.demographics, locale=locale)) for one in duplicates
    ]
    return render_template("patients/registration/duplicates.html", form=form, found=found)


@views.route(f"{PATIENT}/change", methods=["GET", "POST"])
@page(Deed.CHANGE_PATIENT)
def change(patient_ref: str) -> Answer:
    form, context = DemographicsForm(), current.context()

    def send() -> Response:
        patient, demographics = form.seen(patient_ref), form.demographics
        actions.change_patient(context, patient=patient, demographics=demographics)
        return done("The details are saved.", "chart.show", patient_ref=patient_ref)

    return round_trip(form, send, lambda: _page("change", form, Deed.CHANGE_PATIENT, patient_ref))


@views.route(f"{PATIENT}/contact", methods=["GET", "POST"])
@page(Deed.CHANGE_CONTACT)
def contact(patient_ref: str) -> Answer:
    form, context = ContactForm(), current.context()

    def send() -> Response:
        actions.change_contact(context, patient=form.seen(patient_ref), contact=form.contact)
        return done("The details are saved.", "chart.show", patient_ref=patient_ref)

    return round_trip(form, send, lambda: _page("contact", form, Deed.CHANGE_CONTACT, patient_ref))


def _page(template: str, form: ContactForm, deed: Deed, patient_ref: str) -> str:
    context = current.context()
    subject = context.patient(deed, patient_ref)
    form.see(kept_shown(queries.kept_of(context, subject)))
    return render_template(
        f"patients/registration/{template}.html",
        form=form,
        errors=page_errors(form),
        subject=subject,
    )
