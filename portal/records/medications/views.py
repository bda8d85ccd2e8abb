"""The pages about a patient's medicines."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from portal.access import CLINICIANS, Deed
from portal.records.addresses import RECORD, of_item
from portal.records.forms import InErrorForm, entry_round_trip, form_page
from portal.records.medications import actions, queries
from portal.records.medications.forms import (
    ChangedPrescriptionForm,
    PrescriptionForm,
    StopForm,
    medicine_shown,
)
from portal.records.medications.rules import Taken
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.pages import page

views = Blueprint("medications", __name__)

MEDICINES = f"{RECORD}/medicines"
MEDICINE = of_item("medicines", "medication_ref")
BACK = ("medications.of_patient", "Medicines")
FORM = "records/prescription.html"


@views.get(MEDICINES)
@page(Deed.SEE_RECORD)
def of_patient(patient_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="medicines")
    before = request.args.get("before", type=int)
    past, more = queries.ended(context, subject, before)
    not_ended = [] if before else queries.not_ended(context, subject)
    return render_template(
        "records/medicines.html",
        subject=subject,
        current=[row for row in not_ended if row.taken(context.today) is Taken.CURRENT],
        planned=[row for row in not_ended if row.taken(context.today) is Taken.PLANNED],
        past=past,
        more=more,
        first_page=not before,
        may_record=context.may(Deed.PRESCRIBE),
        seen_by_staff=context.by.is_any_of(CLINICIANS),
    )


@views.route(f"{MEDICINES}/new", methods=["GET", "POST"])
@page(Deed.PRESCRIBE)
def new(patient_ref: str) -> Answer:
    form = PrescriptionForm()
    context = current.context()

    def send() -> Response:
        actions.prescribe(
            context,
            patient_ref=patient_ref,
            prescription=form.prescription(form.medication.data),
            confirmed=form.confirmation,
            visit=form.visit.data,
        )
        return done("The medicine is prescribed.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.PRESCRIBE, patient_ref, opened="form")
        return form_page(subject, form, BACK, "Prescribe a medicine", template=FORM)

    return entry_round_trip(form, send, show)


@views.route(f"{MEDICINE}/change", methods=["GET", "POST"])
@page(Deed.PRESCRIBE)
def change(patient_ref: str, medication_ref: str) -> Answer:
    form = ChangedPrescriptionForm()
    context = current.context()

    def send() -> Response:
        subject = context.find_patient(Deed.PRESCRIBE, patient_ref)
        found = queries.find(context, subject, medication_ref)
        actions.change(
            context,
            patient_ref=patient_ref,
            medicine=form.seen(medication_ref),
            prescription=form.prescription(found.medication),
            confirmed=form.confirmation,
        )
        return done("The change is saved.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.PRESCRIBE, patient_ref, opened="form")
        found = queries.find(context, subject, medication_ref)
        form.see(medicine_shown(found))
        title = "Change how a medicine is taken"
        return form_page(subject, form, BACK, title, caption=found.medication, template=FORM)

    return entry_round_trip(form, send, show)


@views.route(f"{MEDICINE}/stop", methods=["GET", "POST"])
@page(Deed.PRESCRIBE)
def stop(patient_ref: str, medication_ref: str) -> Answer:
    form = StopForm()
    context = current.context()

    def send() -> Response:
        actions.stop(
            context,
            patient_ref=patient_ref,
            medicine=form.seen(medication_ref),
            stopped_on=form.stopped_on.day,
            reason=form.reason.data,
        )
        return done("The medicine is stopped.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.PRESCRIBE, patient_ref, opened="form")
        found = queries.find(context, subject, medication_ref)
        form.see(medicine_shown(found))
        said = f"{found.medication}, {found.dose}, {found.frequency}"
        title = "Stop a medicine"
        return form_page(subject, form, BACK, title, caption=said, button_text="Stop it")

    return round_trip(form, send, show)


@views.route(f"{MEDICINE}/in-error", methods=["GET", "POST"])
@page(Deed.PRESCRIBE)
def in_error(patient_ref: str, medication_ref: str) -> Answer:
    form = InErrorForm()
    context = current.context()

    def send() -> Response:
        medicine, reason = form.seen(medication_ref), form.reason.data
        actions.mark_in_error(context, patient_ref=patient_ref, medicine=medicine, reason=reason)
        said = "The medicine is marked as entered in error."
        return done(said, ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.PRESCRIBE, patient_ref, opened="form")
        found = queries.find(context, subject, medication_ref)
        form.see(medicine_shown(found))
        title = "Mark as entered in error"
        return form_page(subject, form, BACK, title, caption=found.medication)

    return round_trip(form, send, show)
