"""The blueprint of every page about people, and what those pages have in common."""

from datetime import datetime
from typing import TypedDict

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import audit
from portal.access import Actor, Deed
from portal.database import db
from portal.hospital import Hospital
from portal.models.lookup import Subject, find_patient
from portal.web import current

views = Blueprint("patients", __name__)

Answer = str | Response | tuple[str, int]
PATIENT = "/patients/<string(length=20):patient_ref>"


class Setting(TypedDict):
    """Who asks, where and when: what almost every query and action wants to know."""

    by: Actor
    hospital: Hospital
    now: datetime


def setting() -> Setting:
    return {"by": current.actor(), "hospital": current.hospital(), "now": current.now()}


def session() -> Session:
    return db.session()


def subject_of(patient_ref: str, deed: Deed) -> Subject:
    """The patient of a page that shows no more than who they are; audited, raises `NotFound`."""
    subject = find_patient(session(), deed=deed, ref=patient_ref, **setting())
    if request.method == "GET":
        audit.remember(
            session(),
            by=current.actor(),
            deed=deed,
            now=current.now(),
            of=subject.reference,
            patient=subject.ref,
            opened=str(request.endpoint),
        )
    return subject
