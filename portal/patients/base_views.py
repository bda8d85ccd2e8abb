"""The blueprint of every page about people, and what those pages have in common."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from portal import audit
from portal.access import Deed
from portal.database import db
from portal.models.lookup import Subject, find_patient
from portal.web import current
from portal.web.current import setting

views = Blueprint("patients", __name__)

Answer = str | Response | tuple[str, int]
PATIENT = "/patients/<string(length=20):patient_ref>"


def subject_of(patient_ref: str, deed: Deed) -> Subject:
    """The patient of a page that shows no more than who they are; audited, raises `NotFound`."""
    subject = find_patient(db.session(), deed=deed, ref=patient_ref, **setting())
    if request.method == "GET":
        audit.remember(
            db.session(),
            by=current.actor(),
            deed=deed,
            now=current.now(),
            of=subject.reference,
            patient=subject.ref,
            opened=str(request.endpoint),
        )
    return subject
