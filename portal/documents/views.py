"""The blueprint of every page about documents: a patient's list, and one document."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from portal.access import Deed, may
from portal.database import db
from portal.documents import queries, rules
from portal.documents.forms import TYPES
from portal.documents.kinds import Kind
from portal.models import Origin
from portal.web import current
from portal.web.current import page_number, setting
from portal.web.guard import deed
from portal.web.uploads import store

views = Blueprint("documents", __name__)

Answer = str | Response | tuple[str, int]
DOCUMENTS = "/patients/<string(length=20):patient_ref>/documents"
DOCUMENT = f"{DOCUMENTS}/<string(length=20):document_ref>"

PREVIEWED = frozenset({Kind.PDF.value, Kind.JPEG.value, Kind.PNG.value})
"""What every browser shows by itself, so that it can be looked at without keeping a copy."""


@views.get(DOCUMENTS)
@deed(Deed.SEE_DOCUMENTS)
def of_patient(patient_ref: str) -> str:
    page = page_number()
    subject, found = queries.documents_of(
        db.session(), patient_ref=patient_ref, page=page, **setting()
    )
    return render_template(
        "documents/of_patient.html",
        subject=subject,
        documents=found,
        page=page,
        types=TYPES,
        kinds=Kind,
        resting=not store().lives,
        may_add=may(current.actor(), Deed.ADD_DOCUMENT),
    )


@views.get(DOCUMENT)
@deed(Deed.SEE_DOCUMENTS)
def show(patient_ref: str, document_ref: str) -> str:
    subject, document = queries.open_document(
        db.session(),
        deed=Deed.SEE_DOCUMENTS,
        patient_ref=patient_ref,
        ref=document_ref,
        **setting(),
    )
    return render_template(
        "documents/show.html",
        subject=subject,
        document=document,
        types=TYPES,
        kind=Kind(document.content_type),
        why_closed=document.why_closed(current.actor(), subject),
        can_be_previewed=document.content_type in PREVIEWED,
        may_withdraw=not document.is_withdrawn
        and rules.may_withdraw(
            acts_for_patient=subject.acted_for_as is not None,
            from_patient=document.origin is Origin.PATIENT,
        ),
        resting=not store().lives,
    )
