"""A patient's list of documents, and one document."""

from flask import Blueprint, render_template

from portal.access import Deed
from portal.documents import queries, rules
from portal.documents.checking.kinds import PREVIEWED, Kind
from portal.web import current
from portal.web.current import page_number
from portal.web.pages import page
from portal.web.uploads import store

views = Blueprint("documents", __name__)

DOCUMENTS = "/patients/<string(length=20):patient_ref>/documents"
DOCUMENT = f"{DOCUMENTS}/<string(length=20):document_ref>"


@views.get(DOCUMENTS)
@page(Deed.SEE_DOCUMENTS)
def of_patient(patient_ref: str) -> str:
    context, page = current.context(), page_number()
    subject, found = queries.documents_of(context, patient_ref=patient_ref, page=page)
    return render_template(
        "documents/of_patient.html",
        subject=subject,
        documents=found,
        page=page,
        kinds=Kind,
        resting=not store().lives,
        scanner=current.settings().has_scanner,
    )


@views.get(DOCUMENT)
@page(Deed.SEE_DOCUMENTS)
def show(patient_ref: str, document_ref: str) -> str:
    context = current.context()
    subject, document = queries.open_document(
        context, Deed.SEE_DOCUMENTS, patient_ref=patient_ref, ref=document_ref
    )
    return render_template(
        "documents/show.html",
        subject=subject,
        document=document,
        kinds=Kind,
        why_closed=document.why_closed(context.by, subject),
        can_be_previewed=document.content_type in PREVIEWED,
        may_withdraw=not document.is_withdrawn
        and rules.may_withdraw(document.origin, subject.acted_for_as),
        resting=not store().lives,
        scanner=current.settings().has_scanner,
    )
