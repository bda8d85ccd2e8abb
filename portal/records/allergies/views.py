"""The pages about a patient's allergies."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import CLINICIANS, Deed
from portal.records.addresses import RECORD, of_item
from portal.records.allergies import actions, queries
from portal.records.allergies.forms import (
    ChangedAllergyForm,
    NewAllergyForm,
    allergies_shown,
    allergy_shown,
)
from portal.records.forms import InErrorForm, entry_round_trip, form_page
from portal.web import current
from portal.web.form_pages import Answer, Changed, done, press, round_trip
from portal.web.pages import page
from portal.web.seen import seen_sent

views = Blueprint("allergies", __name__)

ALLERGIES = f"{RECORD}/allergies"
ALLERGY = of_item("allergies", "allergy_ref")
BACK = ("allergies.of_patient", "Allergies")


@views.get(ALLERGIES)
@page(Deed.SEE_RECORD)
def of_patient(patient_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="allergies")
    found = queries.allergies_of(context, subject)
    return render_template(
        "records/allergies.html",
        subject=subject,
        found=found,
        shown=allergies_shown(found),
        may_record=context.may(Deed.RECORD_ALLERGY),
        seen_by_staff=context.by.is_any_of(CLINICIANS),
    )


@views.route(f"{ALLERGIES}/new", methods=["GET", "POST"])
@page(Deed.RECORD_ALLERGY)
def new(patient_ref: str) -> Answer:
    form = NewAllergyForm()

    def send() -> Response:
        actions.record(
            current.context(),
            patient_ref=patient_ref,
            substance=form.substance.data,
            details=form.details,
            visit=form.visit.data,
        )
        return done("The allergy is recorded.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        context = current.context()
        subject = context.patient(Deed.RECORD_ALLERGY, patient_ref, opened="form")
        return form_page(subject, form, BACK, "Add an allergy")

    return entry_round_trip(form, send, show)


@views.route(f"{ALLERGY}/change", methods=["GET", "POST"])
@page(Deed.RECORD_ALLERGY)
def change(patient_ref: str, allergy_ref: str) -> Answer:
    form = ChangedAllergyForm()

    def send() -> Response:
        actions.change(
            current.context(),
            patient_ref=patient_ref,
            allergy=form.seen(allergy_ref),
            details=form.details,
        )
        return done("The change is saved.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        context = current.context()
        subject = context.patient(Deed.RECORD_ALLERGY, patient_ref, opened="form")
        row = queries.find(context, subject, allergy_ref)
        form.see(allergy_shown(row))
        return form_page(subject, form, BACK, "Change an allergy", caption=row.substance)

    return entry_round_trip(form, send, show)


@views.route(f"{ALLERGY}/in-error", methods=["GET", "POST"])
@page(Deed.RECORD_ALLERGY)
def in_error(patient_ref: str, allergy_ref: str) -> Answer:
    form = InErrorForm()

    def send() -> Response:
        allergy, reason = form.seen(allergy_ref), form.reason.data
        actions.mark_in_error(
            current.context(), patient_ref=patient_ref, allergy=allergy, reason=reason
        )
        said = "The allergy is marked as entered in error."
        return done(said, ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        context = current.context()
        subject = context.patient(Deed.RECORD_ALLERGY, patient_ref, opened="form")
        row = queries.find(context, subject, allergy_ref)
        form.see(allergy_shown(row))
        return form_page(subject, form, BACK, "Mark as entered in error", caption=row.substance)

    return round_trip(form, send, show)


@views.post(f"{ALLERGIES}/none-known")
@page(Deed.RECORD_ALLERGY)
def none_known(patient_ref: str) -> Response:
    context = current.context()

    def send() -> Response:
        actions.state_none_known(context, patient=seen_sent(patient_ref))
        said = "The record says now that no allergies are known."
        return done(said, ".of_patient", patient_ref=patient_ref)

    def now() -> Changed:
        subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="allergies")
        shown = allergies_shown(queries.allergies_of(context, subject))
        return Changed(shown, url_for(".of_patient", patient_ref=patient_ref))

    return press(send, now)
