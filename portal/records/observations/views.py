"""The pages of vital signs: the list, the form, and the trends."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from portal.access import CLINICIANS, Deed
from portal.records.addresses import RECORD, of_item
from portal.records.forms import InErrorForm, entry_round_trip, form_page
from portal.records.observations import actions, queries, rules, trends
from portal.records.observations.forms import ChangedVitalsForm, VitalsForm, vitals_shown
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.pages import page
from portal.words import months_between

views = Blueprint("observations", __name__)

VITALS = f"{RECORD}/vitals"
SET = of_item("vitals", "panel_ref")
BACK = ("observations.of_patient", "Vital signs")
FORM = "records/vitals_form.html"


@views.get(VITALS)
@page(Deed.SEE_RECORD)
def of_patient(patient_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="vital signs")
    found, more = queries.vital_signs(context, subject, request.args.get("before"))
    return render_template(
        "records/vitals.html",
        subject=subject,
        found=found,
        more=more,
        vitals=[*rules.VITALS, rules.BMI],
        flag=rules.flag,
        months=months_between(subject.birth_date, context.today),
        may_record=context.may(Deed.RECORD_OBSERVATIONS),
        seen_by_staff=context.by.is_any_of(CLINICIANS),
    )


@views.get(f"{VITALS}/trends")
@page(Deed.SEE_RECORD)
def over_time(patient_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="trends")
    readings = queries.over_time(context, subject)
    months = months_between(subject.birth_date, context.today)
    return render_template(
        "records/trends.html",
        subject=subject,
        trends=trends.trends_of(readings, months),
        frame=trends,
        most=queries.MOST_POINTS if len(readings) == queries.MOST_POINTS else None,
    )


@views.route(f"{VITALS}/new", methods=["GET", "POST"])
@page(Deed.RECORD_OBSERVATIONS)
def new(patient_ref: str) -> Answer:
    form = VitalsForm()
    context = current.context()

    def send() -> Response:
        actions.record(
            context,
            patient_ref=patient_ref,
            measured=form.measured,
            confirmed=form.confirmed.data,
            visit=form.visit.data,
        )
        return done("The vital signs are recorded.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.RECORD_OBSERVATIONS, patient_ref, opened="form")
        form.beside(queries.last(context, subject))
        return form_page(subject, form, BACK, "Record vital signs", template=FORM)

    return entry_round_trip(form, send, show)


@views.route(f"{SET}/change", methods=["GET", "POST"])
@page(Deed.RECORD_OBSERVATIONS)
def change(patient_ref: str, panel_ref: str) -> Answer:
    form = ChangedVitalsForm()
    context = current.context()

    def send() -> Response:
        actions.change(
            context,
            patient_ref=patient_ref,
            panel=form.seen(panel_ref),
            measured=form.measured,
            confirmed=form.confirmed.data,
        )
        return done("The correction is saved.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.RECORD_OBSERVATIONS, patient_ref, opened="form")
        row = queries.find(context, subject, panel_ref)
        form.see(vitals_shown(row))
        form.beside({})
        return form_page(subject, form, BACK, "Correct vital signs", template=FORM)

    return entry_round_trip(form, send, show)


@views.route(f"{SET}/in-error", methods=["GET", "POST"])
@page(Deed.RECORD_OBSERVATIONS)
def in_error(patient_ref: str, panel_ref: str) -> Answer:
    form = InErrorForm()
    context = current.context()

    def send() -> Response:
        panel, reason = form.seen(panel_ref), form.reason.data
        actions.mark_in_error(context, patient_ref=patient_ref, panel=panel, reason=reason)
        said = "These vital signs are marked as entered in error."
        return done(said, ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.RECORD_OBSERVATIONS, patient_ref, opened="form")
        row = queries.find(context, subject, panel_ref)
        form.see(vitals_shown(row))
        said = ", ".join(value.said for value in row.values)
        return form_page(subject, form, BACK, "Mark as entered in error", caption=said)

    return round_trip(form, send, show)
