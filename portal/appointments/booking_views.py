"""Holding a time, checking it, booking it; and, for staff, putting somebody beside another."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy import Row
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.appointments import actions, finding, queries
from portal.appointments.finding_views import taken
from portal.appointments.forms import BookForm, OverbookForm
from portal.appointments.views import APPOINTMENTS, Answer, subject_of, views
from portal.database import db
from portal.errors import Conflict
from portal.measures import BOOKING, measured
from portal.models import Slot
from portal.web import current
from portal.web.current import setting
from portal.web.forms import page_errors
from portal.web.guard import deed

SLOT = "<string(length=20):slot_ref>"


def came_second(patient_ref: str, slot_ref: str, fault: Conflict, moved_ref: str | None) -> Answer:
    """The kind refusal. What the lost attempt had read and locked is given up first."""
    db.session.rollback()
    measured(BOOKING, Bookings=1, Outcome="refused")
    subject = subject_of(patient_ref, Deed.FIND_SLOTS)
    return taken(subject, slot_ref, fault.message, moved_ref), 409


def held_until(slot: Row[Any]) -> datetime | None:
    """Until when the slot is kept for whoever asks, if it is."""
    mine = slot.held_by_account_id == current.actor().account_id
    return slot.held_until if mine and slot.held_until and slot.held_until > current.now() else None


@views.post(f"{APPOINTMENTS}/hold/{SLOT}")
@deed(Deed.HOLD_SLOT)
def hold(patient_ref: str, slot_ref: str) -> Answer:
    try:
        actions.hold(
            db.session(),
            patient_ref=patient_ref,
            slot_ref=slot_ref,
            **setting(),
        )
    except Conflict as fault:
        return came_second(patient_ref, slot_ref, fault, None)
    return redirect(url_for(".confirm", patient_ref=patient_ref, slot_ref=slot_ref), code=303)


@views.get(f"{APPOINTMENTS}/book/{SLOT}")
@deed(Deed.BOOK_APPOINTMENT)
def confirm(patient_ref: str, slot_ref: str) -> Answer:
    return _confirm_page(patient_ref, slot_ref, BookForm())


@views.post(f"{APPOINTMENTS}/book/{SLOT}")
@deed(Deed.BOOK_APPOINTMENT)
def book(patient_ref: str, slot_ref: str) -> Answer:
    form = BookForm()
    if not form.validate_on_submit():
        page = _confirm_page(patient_ref, slot_ref, form)
        return (page, 400) if isinstance(page, str) else page
    try:
        appointment_ref = actions.book(
            db.session(),
            patient_ref=patient_ref,
            slot_ref=slot_ref,
            about=form.about.data,
            **setting(),
        )
    except Conflict as fault:
        return came_second(patient_ref, slot_ref, fault, None)
    flash("The appointment is booked.")
    return redirect(
        url_for(".show", patient_ref=patient_ref, appointment_ref=appointment_ref), code=303
    )


def _confirm_page(patient_ref: str, slot_ref: str, form: BookForm) -> str | Response:
    subject = subject_of(patient_ref, Deed.BOOK_APPOINTMENT)
    session, by, now = db.session(), current.actor(), current.now()
    slot = queries.slot(session, ref=slot_ref)
    finding.remember(session, by=by, subject=subject, now=now, of=Slot.reference(slot_ref))
    if not queries.is_open_to(slot, by, now):
        # Whoever goes back after booking is shown what they have, not that somebody was first.
        if own := queries.booked_in(session, subject=subject, slot_ref=slot_ref):
            return redirect(url_for(".show", patient_ref=patient_ref, appointment_ref=own))
        return taken(subject, slot_ref, actions.TAKEN)
    return render_template(
        "appointments/confirm.html",
        subject=subject,
        slot=slot,
        held_until=held_until(slot),
        form=form,
        errors=page_errors(form),
    )


@views.route(f"{APPOINTMENTS}/overbook/{SLOT}", methods=["GET", "POST"])
@deed(Deed.OVERBOOK)
def overbook(patient_ref: str, slot_ref: str) -> Answer:
    form = OverbookForm()
    if not form.validate_on_submit():
        page = _overbook_page(patient_ref, slot_ref, form)
        return (page, 400) if form.is_submitted() else page
    appointment_ref = actions.overbook(
        db.session(),
        patient_ref=patient_ref,
        slot_ref=slot_ref,
        why=form.why.data,
        **setting(),
    )
    flash("The appointment is booked beside another one.")
    return redirect(
        url_for(".show", patient_ref=patient_ref, appointment_ref=appointment_ref), code=303
    )


def _overbook_page(patient_ref: str, slot_ref: str, form: OverbookForm) -> str:
    subject = subject_of(patient_ref, Deed.OVERBOOK)
    session, by, now = db.session(), current.actor(), current.now()
    slot = queries.slot(session, ref=slot_ref)
    finding.remember(session, by=by, subject=subject, now=now, of=Slot.reference(slot_ref))
    return render_template(
        "appointments/overbook.html",
        subject=subject,
        slot=slot,
        form=form,
        errors=page_errors(form),
    )
