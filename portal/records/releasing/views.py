"""Holding a result, recording a talk about it, and the patient's choice when to see results."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.records.addresses import RECORD, of_item
from portal.records.forms import form_page
from portal.records.releasing import actions, queries
from portal.records.releasing.forms import AFTER_TALK, AT_ONCE, ChoiceForm, HoldForm
from portal.records.results import queries as results
from portal.records.results.queries import Report
from portal.web import current
from portal.web.form_pages import Answer, Changed, done, press, round_trip
from portal.web.pages import page
from portal.web.seen import Shown, seen_sent

views = Blueprint("releasing", __name__)

RESULT = of_item("results", "result_ref")
LIST = "results.of_patient"
BACK = (LIST, "Test results")


def _shown(report: Report) -> Shown:
    hospital = current.hospital()
    day = f"{hospital.local(report.effective_at):%d/%m/%Y}"
    return Shown(report.version, f"{report.title}, {day}")


@views.route(f"{RESULT}/hold", methods=["GET", "POST"])
@page(Deed.HOLD_RESULT)
def hold(patient_ref: str, result_ref: str) -> Answer:
    form, context = HoldForm(), current.context()

    def send() -> Response:
        result = form.seen(result_ref)
        actions.hold(context, patient_ref=patient_ref, result=result, hold=form.hold)
        return done("The result is held from the patient.", LIST, patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.HOLD_RESULT, patient_ref, opened="form")
        report = results.find(context, subject, result_ref).report
        form.see(_shown(report))
        return form_page(
            subject, form, BACK, "Hold a result", caption=report.title, button_text="Hold it"
        )

    return round_trip(form, send, show)


@views.post(f"{RESULT}/talk")
@page(Deed.HOLD_RESULT)
def talk(patient_ref: str, result_ref: str) -> Response:
    context = current.context()

    def send() -> Response:
        actions.note_talk(context, patient_ref=patient_ref, result=seen_sent(result_ref))
        return done("The patient sees the result from now on.", LIST, patient_ref=patient_ref)

    def now() -> Changed:
        subject = context.find_patient(Deed.HOLD_RESULT, patient_ref)
        found = results.find(context, subject, result_ref).report
        return Changed(_shown(found), url_for(LIST, patient_ref=patient_ref))

    return press(send, now)


@views.post(of_item("results/holds", "hold_ref") + "/end")
@page(Deed.HOLD_RESULT)
def end(patient_ref: str, hold_ref: str) -> Response:
    context = current.context()

    def send() -> Response:
        actions.end_hold(context, patient_ref=patient_ref, hold=seen_sent(hold_ref))
        return done("The result is no longer held.", LIST, patient_ref=patient_ref)

    def now() -> Changed:
        subject = context.find_patient(Deed.HOLD_RESULT, patient_ref)
        found = queries.held(context, subject, hold_ref)
        words = f"{found.title}, no longer held" if found.ended_at else found.title
        return Changed(Shown(found.version, words), url_for(LIST, patient_ref=patient_ref))

    return press(send, now)


@views.route(f"{RECORD}/results/when", methods=["GET", "POST"])
@page(Deed.CHOOSE_RESULTS)
def choose(patient_ref: str) -> Answer:
    form, context = ChoiceForm(), current.context()

    def send() -> Response:
        after_talk = form.when_shown.data == AFTER_TALK
        actions.choose(context, patient=form.seen(patient_ref), after_talk=after_talk)
        return done("Your choice is saved.", LIST, patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.CHOOSE_RESULTS, patient_ref, opened="form")
        found = queries.choice(context, subject)
        now = AFTER_TALK if found.after_talk else AT_ONCE
        said = dict(form.when_shown.choices)[now]
        form.see(Shown(found.version, said, {"when_shown": now}))
        return form_page(
            subject,
            form,
            BACK,
            "When results are shown",
            template="records/results_when.html",
        )

    return round_trip(form, send, show)
