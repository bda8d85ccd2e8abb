"""A patient's page, their past, and the people for whom somebody acts."""

from flask import redirect, render_template, url_for

from portal.access import STAFF, Deed, may
from portal.database import db
from portal.errors import NotFound
from portal.patients import merging, queries
from portal.patients.base_views import PATIENT, Answer, views
from portal.patients.forms import SEXES
from portal.patients.languages import language_name
from portal.web import current
from portal.web.current import setting
from portal.web.guard import deed


@views.get("/people")
@deed(Deed.SEE_PEOPLE)
def people() -> Answer:
    found = queries.people(db.session(), **setting())
    if len(found) == 1:
        return redirect(url_for(".show", patient_ref=found[0].ref))
    return render_template("patients/people.html", people=found)


@views.get(PATIENT)
@deed(Deed.SEE_PATIENT)
def show(patient_ref: str) -> Answer:
    try:
        subject = queries.open_patient(db.session(), ref=patient_ref, **setting())
    except NotFound:
        kept = merging.kept_instead(db.session(), ref=patient_ref, **setting())
        return redirect(url_for(".show", patient_ref=kept))
    by, now = current.actor(), current.now()
    if subject.acted_for_as is not None or not by.is_any_of(STAFF):
        ahead = queries.meetings_ahead(db.session(), subject, now)
        return render_template("patients/home.html", subject=subject, ahead=ahead)
    record = queries.record_of(db.session(), subject, by=by, now=now)
    return render_template(
        "patients/record.html",
        record=record,
        subject=subject,
        sexes=SEXES,
        language=language_name(record.details.language),
        may_change=may(by, Deed.CHANGE_PATIENT),
        may_see_documents=may(by, Deed.SEE_DOCUMENTS),
    )


@views.get(f"{PATIENT}/history")
@deed(Deed.SEE_HISTORY)
def history(patient_ref: str) -> Answer:
    subject, encounters = queries.open_history(db.session(), ref=patient_ref, **setting())
    return render_template(
        "patients/history.html",
        subject=subject,
        encounters=encounters,
        most=queries.MOST_ENCOUNTERS,
    )
