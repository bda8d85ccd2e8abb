"""Reading notes: the list, and one note with its amendments."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from portal.access import CLINICIANS, Deed
from portal.records.addresses import RECORD, of_item
from portal.records.forms import form_page
from portal.records.notes import actions, queries
from portal.records.notes.forms import AmendmentForm
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.pages import page

views = Blueprint("notes", __name__)

NOTES = f"{RECORD}/notes"
NOTE = of_item("notes", "note_ref")
BACK = ("notes.of_patient", "Notes")


@views.get(NOTES)
@page(Deed.SEE_RECORD)
def of_patient(patient_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="notes")
    found, more = queries.notes_of(context, subject, request.args.get("before"))
    return render_template(
        "records/notes.html",
        subject=subject,
        notes=found,
        more=more,
        may_write=context.may(Deed.WRITE_NOTE),
    )


@views.get(NOTE)
@page(Deed.SEE_RECORD)
def show(patient_ref: str, note_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="note")
    note = queries.find(context, subject, note_ref)
    return render_template(
        "records/note.html",
        subject=subject,
        note=note,
        amendments=queries.amendments(context, subject, note),
        may_write=context.may(Deed.WRITE_NOTE),
        seen_by_staff=context.by.is_any_of(CLINICIANS),
    )


@views.route(f"{NOTE}/amend", methods=["GET", "POST"])
@page(Deed.WRITE_NOTE)
def amend(patient_ref: str, note_ref: str) -> Answer:
    form = AmendmentForm()
    context = current.context()

    def send() -> Response:
        actions.amend(
            context,
            patient_ref=patient_ref,
            note_ref=note_ref,
            body=form.body.data,
            reason=form.reason.data,
        )
        where = {"patient_ref": patient_ref, "note_ref": note_ref}
        return done("The amendment is signed.", ".show", **where)

    def show_form() -> str:
        subject = context.patient(Deed.WRITE_NOTE, patient_ref, opened="amendment form")
        note = queries.find(context, subject, note_ref)
        title = "Amend a signed note"
        extra = {
            "template": "records/amend.html",
            "note": note,
            "button_text": "Sign the amendment",
        }
        return form_page(subject, form, BACK, title, **extra)

    return round_trip(form, send, show_form)
