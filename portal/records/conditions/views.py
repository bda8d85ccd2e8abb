"""The pages about a patient's problems."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from portal.access import CLINICIANS, Deed
from portal.context import Context
from portal.errors import Unfit
from portal.records.addresses import RECORD, of_item
from portal.records.conditions import actions, codes, queries
from portal.records.conditions.forms import ChangedProblemForm, ProblemForm, problem_shown
from portal.records.conditions.rules import Problem
from portal.records.forms import InErrorForm, entry_round_trip, form_page
from portal.records.recording import Sent
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.pages import page

views = Blueprint("conditions", __name__)

PROBLEMS = f"{RECORD}/problems"
PROBLEM = of_item("problems", "condition_ref")
BACK = ("conditions.of_patient", "Problems")


@views.get(PROBLEMS)
@page(Deed.SEE_RECORD)
def of_patient(patient_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="problems")
    before = request.args.get("before", type=int)
    past, more = queries.others(context, subject, before)
    return render_template(
        "records/problems.html",
        subject=subject,
        active=[] if before else queries.active(context, subject),
        past=past,
        more=more,
        first_page=not before,
        may_record=context.may(Deed.RECORD_PROBLEM),
        seen_by_staff=context.by.is_any_of(CLINICIANS),
    )


@views.route(f"{PROBLEMS}/new", methods=["GET", "POST"])
@page(Deed.RECORD_PROBLEM)
def new(patient_ref: str) -> Answer:
    """The first request sends the words, the second one the chosen code if any codes match."""
    form = ProblemForm()
    context = current.context()
    found = codes.find(context, form.name.data or "") if form.is_submitted() else []
    form.offer(found)
    if not found:
        del form.code

    def send() -> Response:
        actions.record(
            context,
            patient_ref=patient_ref,
            problem=_chosen(context, form),
            details=form.details,
            sent=Sent(form.confirmed.data, form.visit.data),
        )
        return done("The problem is recorded.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.RECORD_PROBLEM, patient_ref, opened="form")
        same = queries.same(context, subject, _chosen(context, form)) if form.warnings else []
        dormant = next((row for row in same if not row.holds), None)
        title, template = "Add a problem", "records/new_problem.html"
        return form_page(subject, form, BACK, title, template=template, dormant=dormant)

    if form.is_submitted() and found and "code" not in request.form and form.validate():
        return show()
    return entry_round_trip(form, send, show)


def _chosen(context: Context, form: ProblemForm) -> Problem:
    """The chosen code with its title, or the words as they were typed."""
    code = form.code.data if "code" in form else ""
    if not code:
        return Problem(form.name.data)
    title = codes.title_of(context, code)
    if title is None:
        raise Unfit("code", "Choose one of these")
    return Problem(title, code)


@views.route(f"{PROBLEM}/change", methods=["GET", "POST"])
@page(Deed.RECORD_PROBLEM)
def change(patient_ref: str, condition_ref: str) -> Answer:
    form = ChangedProblemForm()
    context = current.context()

    def send() -> Response:
        actions.change(
            context,
            patient_ref=patient_ref,
            problem=form.seen(condition_ref),
            details=form.details,
        )
        return done("The change is saved.", ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.RECORD_PROBLEM, patient_ref, opened="form")
        row = queries.find(context, subject, condition_ref)
        form.see(problem_shown(row))
        return form_page(subject, form, BACK, "Change a problem", caption=row.name)

    return entry_round_trip(form, send, show)


@views.route(f"{PROBLEM}/in-error", methods=["GET", "POST"])
@page(Deed.RECORD_PROBLEM)
def in_error(patient_ref: str, condition_ref: str) -> Answer:
    form = InErrorForm()
    context = current.context()

    def send() -> Response:
        problem, reason = form.seen(condition_ref), form.reason.data
        actions.mark_in_error(context, patient_ref=patient_ref, problem=problem, reason=reason)
        said = "The problem is marked as entered in error."
        return done(said, ".of_patient", patient_ref=patient_ref)

    def show() -> str:
        subject = context.patient(Deed.RECORD_PROBLEM, patient_ref, opened="form")
        row = queries.find(context, subject, condition_ref)
        form.see(problem_shown(row))
        return form_page(subject, form, BACK, "Mark as entered in error", caption=row.name)

    return round_trip(form, send, show)
