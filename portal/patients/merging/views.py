"""Merging two records: choosing the other one, comparing, confirming; and undoing it."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.errors import NotFound
from portal.patients.addresses import PATIENT
from portal.patients.merging import actions, queries
from portal.patients.merging.forms import MergeForm
from portal.patients.registration.described import described
from portal.patients.registration.queries import kept_of
from portal.patients.search.forms import SearchForm
from portal.patients.search.queries import MOST
from portal.patients.search.views import found_by, to_results
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.forms import page_errors
from portal.web.pages import page
from portal.web.seen import SeenForm, Shown

views = Blueprint("merging", __name__)

REF = "<string(length=20):{}>".format


@views.route(f"{PATIENT}/merge", methods=["GET", "POST"])
@page(Deed.MERGE_PATIENTS)
def find_other(patient_ref: str) -> Answer:
    form, context = SearchForm(), current.context()

    def send() -> Response:
        context.find_patient(Deed.MERGE_PATIENTS, patient_ref)
        return to_results(form, ".find_other", patient_ref=patient_ref)

    def show() -> str:
        return render_template(
            "patients/merging/find_other.html",
            subject=context.patient(Deed.MERGE_PATIENTS, patient_ref),
            form=form,
            found=found_by(form),
            errors=page_errors(form),
            most=MOST,
        )

    return round_trip(form, send, show)


@views.route(f"{PATIENT}/merge/{REF('other_ref')}", methods=["GET", "POST"])
@page(Deed.MERGE_PATIENTS)
def compare(patient_ref: str, other_ref: str) -> Answer:
    if patient_ref == other_ref:
        raise NotFound
    form, context = MergeForm(patient_ref, other_ref), current.context()

    def send() -> Response:
        reason = form.reason.data
        actions.merge(context, kept=form.kept, merged=form.merged, reason=reason)
        told = "The two records have been merged."
        return done(told, "chart.show", patient_ref=form.kept.ref)

    def show() -> str:
        sides = [queries.compare(context, patient_ref=ref) for ref in form.refs]
        names = " and ".join(side.subject.name for side in sides)
        form.see(Shown(tuple(side.kept.version for side in sides), names))
        people = (side.kept.demographics for side in sides)
        return render_template(
            "patients/merging/compare.html",
            sides=sides,
            subject=sides[0].subject,
            lines=described(*people, locale=context.hospital.locale),
            form=form,
            errors=page_errors(form),
        )

    return round_trip(form, send, show)


@views.get(f"{PATIENT}/merges")
@page(Deed.MERGE_PATIENTS)
def merges(patient_ref: str) -> Answer:
    context = current.context()
    subject = context.patient(Deed.MERGE_PATIENTS, patient_ref)
    return render_template(
        "patients/merging/merges.html",
        subject=subject,
        merges=queries.merges_into(context, subject),
    )


@views.route(f"{PATIENT}/merges/{REF('merge_ref')}/undo", methods=["GET", "POST"])
@page(Deed.MERGE_PATIENTS)
def undo(patient_ref: str, merge_ref: str) -> Answer:
    form, context = SeenForm(), current.context()

    def send() -> Response:
        lost = actions.undo(context, patient=form.seen(patient_ref), merge_ref=merge_ref)
        return done(_undone(lost), ".merges", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.MERGE_PATIENTS, patient_ref)
        found = queries.merges_into(context, subject)
        merge = next((one for one in found if one.ref == merge_ref), None)
        if merge is None or (merge.undone_at and not form.is_submitted()):
            raise NotFound
        form.see(Shown(kept_of(context, subject).version, subject.name))
        return render_template(
            "patients/merging/undo.html",
            subject=subject,
            merge=merge,
            form=form,
            errors=page_errors(form),
        )

    return round_trip(form, send, show)


def _undone(lost: int) -> str:
    told = "They are two records again."
    if lost:
        told += " An account was linked to another record of its own meanwhile. Give that person a new code."
    return told
