"""The page of an entry's versions."""

from flask import Blueprint, render_template

from portal.access import Deed
from portal.records.addresses import of_item
from portal.records.results.queries import require_known
from portal.records.versions import queries
from portal.web import current
from portal.web.pages import page

views = Blueprint("record_versions", __name__)

TITLES = {
    "substance": "Substance",
    "name": "Problem",
    "code": "Code",
    "code_system": "Code system",
    "category": "Kind",
    "reaction": "Reaction",
    "severity": "Severity",
    "verification_status": "Certainty",
    "clinical_status": "Status",
    "onset": "Began",
    "abatement": "Ended",
    "note": "Note",
    "medication": "Medicine",
    "dose": "Dose",
    "route": "Route",
    "frequency": "How often",
    "starts_on": "From",
    "ends_on": "Last day",
    "prescriber_name": "Prescribed by",
    "allergy_reason": "Why in spite of an allergy",
    "stopped_on": "Stopped from",
    "stopped_by_name": "Stopped by",
    "stop_reason": "Why it was stopped",
    "effective_at": "Measured or sampled (UTC)",
    "title": "What",
    "error_by_name": "Entered in error, said",
    "error_reason": "Why it is an error",
}
"""Titles by field name. Values of a panel already have a title, such as `Pulse`."""


@views.get(of_item("versions", "item_ref"))
@page(Deed.SEE_RECORD)
def show(patient_ref: str, item_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_RECORD, patient_ref, opened="versions")
    require_known(context, subject, item_ref)
    found = queries.versions_of(context, subject, item_ref)
    return render_template(
        "records/versions.html",
        subject=subject,
        versions=[(it, _lines(it.content)) for it in found],
    )


def _lines(content: dict[str, str]) -> list[tuple[str, str]]:
    named = [(TITLES.get(name, name), value) for name, value in content.items()]
    return [(name, value) for name, value in named if name[:1].isupper()]
