"""Registering a patient, with a look at likely duplicates before anything is saved."""

from flask import flash, redirect, render_template, url_for

from portal.access import Deed
from portal.database import db
from portal.patients import actions
from portal.patients.base_views import Answer, views
from portal.patients.duplicates import Duplicate, likely_duplicates
from portal.patients.forms import SEXES, RegisterForm
from portal.web import current
from portal.web.forms import page_errors
from portal.web.guard import deed


@views.route("/patients/new", methods=["GET", "POST"])
@deed(Deed.REGISTER_PATIENT)
def register() -> Answer:
    form = RegisterForm()
    if not form.validate_on_submit():
        return _page(form), 400 if form.is_submitted() else 200
    if form.again.data:
        return _page(form)
    by, now = current.actor(), current.now()
    duplicates = likely_duplicates(db.session(), by=by, facts=form.facts, now=now)
    if any(one.patient.ref not in (form.seen.data or "").split() for one in duplicates):
        return _ask_whether_they_are_one(form, duplicates)
    patient = actions.register(db.session(), by=by, facts=form.facts, now=now)
    flash("The patient is registered.")
    return redirect(url_for(".show", patient_ref=patient.ref), code=303)


def _page(form: RegisterForm) -> str:
    form.again.data = form.seen.data = ""
    return render_template("patients/register.html", form=form, errors=page_errors(form))


def _ask_whether_they_are_one(form: RegisterForm, duplicates: list[Duplicate]) -> str:
    form.seen.data = " ".join(one.patient.ref for one in duplicates)
    return render_template(
        "patients/duplicates.html",
        form=form,
        facts=form.facts,
        duplicates=duplicates,
        sexes=SEXES,
    )
