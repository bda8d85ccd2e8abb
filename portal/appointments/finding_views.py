"""Choosing a time: the page on which the first free slots are found, for booking and for moving."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from portal.access import Deed, may
from portal.appointments import finding, queries
from portal.appointments.finding import Wish
from portal.appointments.forms import FindForm
from portal.appointments.views import APPOINTMENT, APPOINTMENTS, subject_of, views
from portal.database import db
from portal.models import Appointment, Mode
from portal.models.lookup import Subject
from portal.web import current
from portal.web.forms import page_errors
from portal.web.guard import deed

ANY_SLOT = "0" * 20

Rows = dict[str, Row[Any]]


@views.get(f"{APPOINTMENTS}/find")
@deed(Deed.FIND_SLOTS)
def find(patient_ref: str) -> str:
    return find_page(subject_of(patient_ref, Deed.FIND_SLOTS))


@views.get(f"{APPOINTMENT}/move")
@deed(Deed.MOVE_APPOINTMENT)
def find_to_move(patient_ref: str, appointment_ref: str) -> str:
    subject = subject_of(patient_ref, Deed.MOVE_APPOINTMENT)
    moved = queries.unremembered(db.session(), subject=subject, ref=appointment_ref)
    return find_page(subject, moved)


def find_page(subject: Subject, moved: Row[Any] | None = None) -> str:
    """The filters, and the days that they find; with `moved`, to move that appointment."""
    session, by, now = db.session(), current.actor(), current.now()
    hospital = current.hospital()
    form, clinics, people = _form(session, moved)
    overbooks = moved is None and may(by, Deed.OVERBOOK)
    found, beside = None, None
    if form.validate():
        wish = _wish(form, clinics, people)
        found = finding.first_free(session, by=by, wish=wish, hospital=hospital, now=now)
        if overbooks and wish.on is not None:
            beside = finding.taken(
                session, by=by, wish=wish, day=wish.on, hospital=hospital, now=now
            )
    of = Appointment.reference(moved.ref) if moved else subject.reference
    finding.remember(session, by=by, subject=subject, now=now, of=of)
    return render_template(
        "appointments/find.html",
        subject=subject,
        moved=moved,
        form=form,
        errors=page_errors(form),
        found=found,
        beside=beside,
        overbooks=overbooks,
        hold=hold_prefix(subject, moved and moved.ref),
        again=_link_to_this_page(form),
    )


def taken(subject: Subject, slot_ref: str, message: str, moved_ref: str | None = None) -> str:
    """What to tell somebody who came second: why, and the next free times like the one they chose."""
    session, by, now = db.session(), current.actor(), current.now()
    wanted = queries.slot(session, ref=slot_ref)
    hospital = current.hospital()
    wish = Wish(wanted.location_id, mode=wanted.mode, since=hospital.today(wanted.starts_at))
    found = finding.first_free(session, by=by, wish=wish, hospital=hospital, now=now)
    return render_template(
        "appointments/taken.html",
        subject=subject,
        message=message,
        wanted=wanted,
        found=found,
        hold=hold_prefix(subject, moved_ref),
        find=_find_address(subject, moved_ref, clinic=wanted.location_ref),
    )


def hold_prefix(subject: Subject, moved_ref: str | None) -> str:
    """The address that holds a slot, without the slot: built once, not for each of many."""
    if moved_ref is None:
        address = url_for(".hold", patient_ref=subject.ref, slot_ref=ANY_SLOT)
    else:
        address = url_for(
            ".hold_to_move",
            patient_ref=subject.ref,
            appointment_ref=moved_ref,
            slot_ref=ANY_SLOT,
        )
    return address.removesuffix(ANY_SLOT)


def _find_address(subject: Subject, moved_ref: str | None, clinic: str) -> str:
    if moved_ref is None:
        return url_for(".find", patient_ref=subject.ref, clinic=clinic)
    return url_for(
        ".find_to_move", patient_ref=subject.ref, appointment_ref=moved_ref, clinic=clinic
    )


def _form(session: Session, moved: Row[Any] | None) -> tuple[FindForm, Rows, Rows]:
    """The form as asked for, the clinics and the practitioners that it offers, by reference."""
    form = FindForm(request.args)
    clinics = {row.ref: row for row in finding.clinics(session)}
    if moved is not None and "clinic" not in request.args and moved.location_ref in clinics:
        form.clinic.data = moved.location_ref
    clinic = clinics.get(form.clinic.data or "")
    people = {row.ref: row for row in finding.practitioners(session, clinic and clinic.id)}
    form.clinic.choices = {"": "Any clinic"} | {ref: row.name for ref, row in clinics.items()}
    form.practitioner.choices = {"": "Anybody"} | {
        ref: row.practitioner for ref, row in people.items()
    }
    return form, clinics, people


def _wish(form: FindForm, clinics: Rows, people: Rows) -> Wish:
    clinic = clinics.get(form.clinic.data or "")
    person = people.get(form.practitioner.data or "")
    return Wish(
        location_id=clinic and clinic.id,
        practitioner_id=person and person.id,
        mode=Mode(form.mode.data) if form.mode.data else None,
        since=form.since.data,
        on=form.day.data,
    )


def _link_to_this_page(form: FindForm) -> str:
    """This page with the same filters but for the days; more can be added with `&`."""
    kept = {field.name: field.data or "" for field in (form.clinic, form.practitioner, form.mode)}
    return f"{request.path}?{urlencode(kept)}"
