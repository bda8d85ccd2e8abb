"""The pages of laboratory results: the list, one form for each panel, and one analyte over time."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.errors import NotFound
from portal.reach.lookup import Subject
from portal.records.addresses import RECORD, of_item
from portal.records.forms import InErrorForm, entry_round_trip, entry_shown, form_page
from portal.records.observations import trends as frame
from portal.records.panels.rules import PANELS, Panel
from portal.records.recording import Sent
from portal.records.releasing.queries import choice, sees_all
from portal.records.results import actions, queries, trends
from portal.records.results.forms import (
    ResultsForm,
    changed_form_of,
    form_of,
    results_shown,
    said_of,
)
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.pages import page
from portal.web.seen import Shown

views = Blueprint("results", __name__)

RESULTS = f"{RECORD}/results"
RESULT = of_item("results", "result_ref")
BACK = ("results.of_patient", "Test results")
FORM = "records/results_form.html"


@views.get(RESULTS)
@page(Deed.SEE_RECORD)
def of_patient(patient_ref: str) -> str:
    context, before = current.context(), current.ref_argument("before")
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="results")
    found, more = queries.reports(context, subject, before)
    person = trends.person_of(subject, context.hospital)
    everything = sees_all(context, subject)
    return render_template(
        "records/results.html",
        subject=subject,
        found=found,
        more=more,
        flag=lambda value: trends.flag_of(value, person),
        range=lambda value: trends.range_of(value, person),
        sources_of=lambda values: trends.sources_of(values, person),
        after_talk=None if everything else choice(context, subject).after_talk,
        may_record=everything,
        may_correct=lambda report: report.panel_key in PANELS,
        may_choose=context.may(Deed.CHOOSE_RESULTS) and subject.acted_for_as is not None,
        shown=Shown,
        seen_by_staff=everything,
    )


@views.get(of_item("results/values", "value_ref"))
@page(Deed.SEE_RECORD)
def over_time(patient_ref: str, value_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="result over time")
    values = queries.over_time(context, subject, value_ref)
    return render_template(
        "records/results_over_time.html",
        subject=subject,
        name=values[-1].name,
        found=trends.over_time(values, trends.person_of(subject, context.hospital)),
        frame=frame,
        most=queries.MOST_POINTS if len(values) == queries.MOST_POINTS else None,
    )


@views.get(f"{RESULTS}/new")
@page(Deed.RECORD_RESULTS)
def choose_panel(patient_ref: str) -> str:
    subject = current.context().patient(Deed.RECORD_RESULTS, patient_ref, opened="form")
    return render_template("records/results_panels.html", subject=subject, panels=PANELS.values())


@views.route(f"{RESULTS}/new/<string:panel_key>", methods=["GET", "POST"])
@page(Deed.RECORD_RESULTS)
def new(patient_ref: str, panel_key: str) -> Answer:
    panel, context = _panel(panel_key), current.context()
    form = form_of(panel)()

    def send() -> Response:
        sent = Sent(form.confirmed.data, form.visit.data)
        actions.record(
            context, patient_ref=patient_ref, results=form.results, sent=sent, hold=form.hold
        )
        return done("The results are recorded.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.RECORD_RESULTS, patient_ref, opened="form")
        return _page(subject, form, "Enter results")

    return entry_round_trip(form, send, show)


def _panel(key: str | None) -> Panel:
    if key not in PANELS:
        raise NotFound
    return PANELS[key]


def _page(subject: Subject, form: ResultsForm, title: str) -> str:
    return form_page(subject, form, BACK, title, template=FORM, caption=form.panel.name)


@views.route(f"{RESULT}/change", methods=["GET", "POST"])
@page(Deed.RECORD_RESULTS)
def change(patient_ref: str, result_ref: str) -> Answer:
    context = current.context()
    subject = context.find_patient(Deed.RECORD_RESULTS, patient_ref)
    panel = _panel(queries.find(context, subject, result_ref).report.panel_key)
    form = changed_form_of(panel)()

    def send() -> Response:
        actions.change(
            context,
            patient_ref=patient_ref,
            report=form.seen(result_ref),
            results=form.results,
            sent=Sent(form.confirmed.data),
        )
        return done("The correction is saved.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        shown = context.patient(Deed.RECORD_RESULTS, patient_ref, opened="form")
        form.see(results_shown(queries.find(context, subject, result_ref), panel))
        return _page(shown, form, "Correct results")

    return entry_round_trip(form, send, show)


@views.route(f"{RESULT}/in-error", methods=["GET", "POST"])
@page(Deed.RECORD_RESULTS)
def in_error(patient_ref: str, result_ref: str) -> Answer:
    form, context = InErrorForm(), current.context()

    def send() -> Response:
        report, reason = form.seen(result_ref), form.reason.data
        actions.mark_in_error(context, patient_ref=patient_ref, report=report, reason=reason)
        said = "These results are marked as entered in error."
        return done(said, ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.RECORD_RESULTS, patient_ref, opened="form")
        found = queries.find(context, subject, result_ref)
        said = said_of(found)
        form.see(entry_shown(found.report, said))
        return form_page(subject, form, BACK, "Mark as entered in error", caption=said)

    return round_trip(form, send, show)
