"""The page on which a note is written, and where its script saves the draft."""

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.context import Context
from portal.errors import NotFound, Refused
from portal.reach.lookup import Subject
from portal.records.addresses import RECORD, of_item
from portal.records.drafts import actions, queries
from portal.records.drafts.forms import NoteForm, draft_shown
from portal.records.notes import queries as notes
from portal.records.notes import rules
from portal.web import current, filters
from portal.web.form_pages import Answer, done, round_trip
from portal.web.forms import page_errors
from portal.web.pages import Menu, page

views = Blueprint("drafts", __name__)

VISITS = f"{RECORD}/visits"
NOTE = f"{of_item('visits', 'encounter_ref')}/note"


@views.get(VISITS)
@page(Deed.WRITE_NOTE)
def visits(patient_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.WRITE_NOTE, patient_ref, opened="visits")
    found = queries.visits(context, subject)
    return render_template("records/visits.html", subject=subject, visits=found)


@views.route(NOTE, methods=["GET", "POST"])
@page(Deed.WRITE_NOTE)
def write(patient_ref: str, encounter_ref: str) -> Answer:
    form = NoteForm()
    context = current.context()
    where = {"patient_ref": patient_ref, "encounter_ref": encounter_ref}

    def send() -> Response:
        return _sent(context, form, where)

    def show() -> str:
        subject = context.patient(Deed.WRITE_NOTE, patient_ref, opened="note form")
        visit = queries.visit(context, subject, encounter_ref)
        draft = queries.draft(context, visit.id)
        form.see(draft_shown(draft))
        if draft is None and not form.is_submitted():
            form.body.data = _from_a_colleague(context, subject)
        return render_template(
            "records/write_note.html",
            subject=subject,
            visit=visit,
            draft=draft,
            other=draft if form.changed_meanwhile else None,
            form=form,
            errors=page_errors(form),
            closed=visit.signed_at is not None and draft is None and not form.is_submitted(),
        )

    return round_trip(form, send, show)


def _sent(context: Context, form: NoteForm, where: dict[str, str]) -> Response:
    """Signs, discards or saves, depending on the button; saves without a button."""
    patient_ref = where["patient_ref"]
    pressed = request.form.get("do")
    if pressed == "sign":
        actions.sign(context, **where, written=form.written)
        visit = queries.appointment_of(context, where["encounter_ref"])
        return done("The note is signed.", "record.show", patient_ref=patient_ref, visit=visit)
    if pressed == "discard":
        actions.discard(context, **where, written=form.written)
        return done("The draft is discarded.", "record.show", patient_ref=patient_ref)
    saved = actions.save(context, **where, written=form.written)
    said = "The draft is saved." if saved else "There is nothing to save yet."
    return done(said, ".write", **where)


@views.post(f"{NOTE}/draft")
@page(Deed.WRITE_NOTE, repeatable=True)
def save(patient_ref: str, encounter_ref: str) -> tuple[Response, int] | Response:
    """Saves as the button does; answers the script in JSON."""
    form = NoteForm()
    if form.body.errors or form.body.process_errors:
        return jsonify(error=str(form.body.process_errors[0])), 400
    context = current.context()
    where = {"patient_ref": patient_ref, "encounter_ref": encounter_ref}
    try:
        saved = actions.save(context, **where, written=form.written)
    except Refused as fault:
        return jsonify(error=fault.message), 409
    if saved is None:
        return jsonify(version=0, at="")
    return jsonify(version=saved.version, at=filters.clock(context.hospital, saved.at))


def _from_a_colleague(context: Context, subject: Subject) -> str:
    """The initial text of a new note: the chosen note with its author and day, or empty."""
    ref = request.args.get("from", "")
    if not ref.isascii() or not ref:
        return ""
    try:
        note = notes.find(context, subject, ref)
    except NotFound:
        return ""
    day = filters.short_day(context.hospital, note.written_at)
    source = rules.FROM_A_COLLEAGUE.format(author=note.author_name, day=day)
    return f"{source}\n{note.body}\n\n"


@views.get("/unsigned-notes")
@page(Deed.WRITE_NOTE, menu=Menu("Unsigned notes"))
def unsigned() -> str:
    return render_template("records/unsigned.html", notes=queries.unsigned(current.context()))
