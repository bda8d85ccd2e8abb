"""Changing what is kept about a patient: all of it, or how to reach them."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from portal.access import Deed
from portal.database import db
from portal.errors import Conflict
from portal.patients import actions, queries
from portal.patients.base_views import PATIENT, Answer, views
from portal.patients.forms import ContactForm, DemographicsForm
from portal.web.current import setting
from portal.web.forms import page_errors
from portal.web.guard import deed


@views.route(f"{PATIENT}/change", methods=["GET", "POST"])
@deed(Deed.CHANGE_PATIENT)
def change(patient_ref: str) -> Answer:
    form = DemographicsForm()
    if form.validate_on_submit():
        try:
            actions.change_patient(
                db.session(), ref=patient_ref, version=form.based_on, facts=form.facts, **setting()
            )
        except Conflict:
            return _both_versions(patient_ref, form, Deed.CHANGE_PATIENT)
        return _saved(patient_ref)
    return _page(patient_ref, form, Deed.CHANGE_PATIENT)


@views.route(f"{PATIENT}/contact", methods=["GET", "POST"])
@deed(Deed.CHANGE_CONTACT)
def contact(patient_ref: str) -> Answer:
    form = ContactForm()
    if form.validate_on_submit():
        try:
            actions.change_contact(
                db.session(),
                ref=patient_ref,
                version=form.based_on,
                contact=form.contact,
                **setting(),
            )
        except Conflict:
            return _both_versions(patient_ref, form, Deed.CHANGE_CONTACT)
        return _saved(patient_ref)
    return _page(patient_ref, form, Deed.CHANGE_CONTACT)


def _saved(patient_ref: str) -> Answer:
    flash("The details are saved.")
    return redirect(url_for(".show", patient_ref=patient_ref), code=303)


def _page(patient_ref: str, form: ContactForm, deed: Deed) -> Answer:
    subject, details = queries.open_details(db.session(), deed=deed, ref=patient_ref, **setting())
    if form.is_submitted():
        return _render(form, subject, changed_meanwhile=False), 400
    filled = type(form)(formdata=None, data=_saved_facts(subject, details))
    return _render(filled, subject, changed_meanwhile=False)


def _both_versions(patient_ref: str, form: ContactForm, deed: Deed) -> Answer:
    """What was typed stays; beside it stands what somebody else saved meanwhile."""
    subject, details = queries.open_details(db.session(), deed=deed, ref=patient_ref, **setting())
    saved = _saved_facts(subject, details)
    form.version.data = saved.pop("version")
    form.show_differences(saved)
    page = _render(form, subject, changed_meanwhile=True)
    db.session().commit()  # The guard takes back what a refused form wrote, but this was read.
    return page, 409


def _saved_facts(subject: Any, details: Any) -> dict[str, Any]:
    return {
        "given": subject.given,
        "family": subject.family,
        "birth_date": subject.birth_date,
        "gender": subject.gender.value,
        **details._mapping,
    }


def _render(form: ContactForm, subject: Any, *, changed_meanwhile: bool) -> str:
    template = "change" if isinstance(form, DemographicsForm) else "contact"
    return render_template(
        f"patients/{template}.html",
        form=form,
        subject=subject,
        errors=page_errors(form),
        changed_meanwhile=changed_meanwhile,
    )
