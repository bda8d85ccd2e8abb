"""Merging two records: choosing the other, comparing, confirming; and taking it back."""

from flask import flash, redirect, render_template, url_for

from portal.access import Deed
from portal.database import db
from portal.errors import NotFound
from portal.patients import comparing, merging, search
from portal.patients.acting_forms import MergeForm
from portal.patients.base_views import PATIENT, Answer, subject_of, views
from portal.patients.forms import SEXES, SearchForm
from portal.patients.languages import language_name
from portal.patients.search_views import find_for
from portal.web import current
from portal.web.current import setting
from portal.web.forms import PortalForm, page_errors
from portal.web.guard import deed
from portal.web.sealing import seal

REF = "<string(length=20):{}>".format


@views.route(f"{PATIENT}/merge", methods=["GET", "POST"])
@deed(Deed.MERGE_PATIENTS)
def merge(patient_ref: str) -> Answer:
    subject = subject_of(patient_ref, Deed.MERGE_PATIENTS)
    form = SearchForm()
    if form.validate_on_submit():
        sealed = seal(form.text.data, by=current.actor())
        return redirect(url_for(".merge", patient_ref=patient_ref, search=sealed), code=303)
    found = None if form.is_submitted() else find_for(form)
    page = render_template(
        "patients/merge.html",
        subject=subject,
        form=form,
        found=found,
        errors=page_errors(form),
        most=search.MOST,
    )
    return page, 400 if form.is_submitted() else 200


@views.route(f"{PATIENT}/merge/{REF('other_ref')}", methods=["GET", "POST"])
@deed(Deed.MERGE_PATIENTS)
def compare(patient_ref: str, other_ref: str) -> Answer:
    if patient_ref == other_ref:
        raise NotFound
    form = MergeForm(patient_ref, other_ref)
    if form.validate_on_submit():
        merging.merge(
            db.session(),
            kept=form.kept,
            merged=form.merged,
            reason=form.reason.data,
            **setting(),
        )
        flash("The two records are one now.")
        return redirect(url_for(".show", patient_ref=form.kept[0]), code=303)
    sides = [comparing.compare(db.session(), ref=ref, **setting()) for ref in form.refs]
    form.remember_versions(side.details.version for side in sides)
    page = render_template(
        "patients/compare.html",
        sides=sides,
        subject=sides[0].subject,
        form=form,
        errors=page_errors(form),
        sexes=SEXES,
        language_name=language_name,
    )
    return page, 400 if form.is_submitted() else 200


@views.get(f"{PATIENT}/merges")
@deed(Deed.MERGE_PATIENTS)
def merges(patient_ref: str) -> Answer:
    subject, rows = comparing.merges_into(db.session(), ref=patient_ref, **setting())
    return render_template("patients/merges.html", subject=subject, merges=rows)


@views.route(f"{PATIENT}/merges/{REF('merge_ref')}/undo", methods=["GET", "POST"])
@deed(Deed.MERGE_PATIENTS)
def undo_merge(patient_ref: str, merge_ref: str) -> Answer:
    form = PortalForm()
    if form.validate_on_submit():
        lost = merging.undo(db.session(), ref=patient_ref, merge_ref=merge_ref, **setting())
        flash(_undone(lost))
        return redirect(url_for(".merges", patient_ref=patient_ref), code=303)
    subject, rows = comparing.merges_into(db.session(), ref=patient_ref, **setting())
    row = next((one for one in rows if one.ref == merge_ref and not one.undone_at), None)
    if row is None:
        raise NotFound
    return render_template("patients/undo_merge.html", subject=subject, merge=row, form=form)


def _undone(lost: int) -> str:
    told = "They are two records again."
    if lost:
        told += " An account has another record of its own since: give that person a new code."
    return told
