"""A patient's page, their past visits, and the people for whom the actor acts."""

from flask import Blueprint, redirect, render_template, url_for

from portal.access import STAFF, Deed
from portal.chart import queries
from portal.patients.addresses import PATIENT
from portal.patients.registration.described import described
from portal.reach.lookup import Subject
from portal.web import current
from portal.web.form_pages import Answer
from portal.web.pages import Menu, page

views = Blueprint("chart", __name__)


@views.get("/people")
@page(Deed.SEE_PEOPLE, menu=Menu("Home", section=("/people", "/patients", "/claim-record")))
def people() -> Answer:
    found = queries.people(current.context())
    if len(found) == 1:
        return redirect(url_for(".show", patient_ref=found[0].ref))
    return render_template("chart/people.html", people=found)


@views.get(PATIENT)
@page(Deed.SEE_PATIENT)
def show(patient_ref: str) -> Answer:
    context = current.context()
    subject = context.patient(Deed.SEE_PATIENT, patient_ref)
    if subject.acted_for_as is not None or not context.by.is_any_of(STAFF):
        ahead = queries.meetings_ahead(context, subject)
        return render_template("chart/home.html", subject=subject, ahead=ahead)
    return _record(subject)


def _record(subject: Subject) -> str:
    context = current.context()
    record = queries.record_of(context, subject)
    return render_template(
        "chart/record.html",
        record=record,
        subject=subject,
        lines=described(record.kept.demographics, locale=context.hospital.locale),
        may_change=context.may(Deed.CHANGE_PATIENT),
        may_mark_deceased=context.may(Deed.MARK_DECEASED),
        may_see_documents=context.may(Deed.SEE_DOCUMENTS),
    )


@views.get(f"{PATIENT}/history")
@page(Deed.SEE_HISTORY)
def history(patient_ref: str) -> Answer:
    context, before = current.context(), current.ref_argument("before")
    subject = context.patient(Deed.SEE_HISTORY, patient_ref)
    return render_template(
        "chart/history.html",
        subject=subject,
        page=queries.past_visits(context, subject, before=before),
        is_first_page=before is None,
    )
