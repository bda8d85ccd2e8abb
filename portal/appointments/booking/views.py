"""Pages to hold and book a time, to move or cancel an appointment, and to overbook a time."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.appointments.addresses import APPOINTMENT, APPOINTMENTS, SLOT
from portal.appointments.appointment_list.queries import open_one
from portal.appointments.booking import actions, queries
from portal.appointments.booking.forms import (
    BookForm,
    CancelForm,
    MoveForm,
    OverbookForm,
    appointment_shown,
    move_shown,
    slot_shown,
)
from portal.appointments.booking.queries import SlotDetails
from portal.appointments.finding.views import taken
from portal.database import db
from portal.errors import Conflict
from portal.reach.lookup import Subject
from portal.telemetry.measures import BOOKING, measured
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.forms import page_errors
from portal.web.pages import page

views = Blueprint("booking", __name__)


@views.post(f"{APPOINTMENTS}/hold/{SLOT}")
@page(Deed.HOLD_SLOT)
def hold(patient_ref: str, slot_ref: str) -> Answer:
    def send() -> Response:
        actions.hold(current.context(), patient_ref=patient_ref, slot_ref=slot_ref)
        address = url_for(".confirm", patient_ref=patient_ref, slot_ref=slot_ref)
        return redirect(address, code=303)

    return _or_taken(send, patient_ref, slot_ref)


@views.get(f"{APPOINTMENTS}/book/{SLOT}")
@page(Deed.BOOK_APPOINTMENT)
def confirm(patient_ref: str, slot_ref: str) -> Answer:
    context = current.context()
    subject, slot = queries.open_slot(context, Deed.BOOK_APPOINTMENT, patient_ref, slot_ref)
    # After booking, the browser's back button leads to the appointment, not to "this time is taken".
    is_open = slot.is_open_to(context.by, context.now)
    if not is_open and (own := queries.booked_in(context, subject, slot_ref)):
        address = url_for("appointment_list.show", patient_ref=patient_ref, appointment_ref=own)
        return redirect(address)
    return _confirm_page(subject, slot, BookForm())


@views.post(f"{APPOINTMENTS}/book/{SLOT}")
@page(Deed.BOOK_APPOINTMENT)
def book(patient_ref: str, slot_ref: str) -> Answer:
    form, context = BookForm(), current.context()

    def send() -> Response:
        slot, about = form.seen(slot_ref), form.about.data
        ref = actions.book(context, patient_ref=patient_ref, slot=slot, about=about)
        return _done("The appointment has been booked.", patient_ref, ref)

    def show() -> str:
        found = queries.open_slot(context, Deed.BOOK_APPOINTMENT, patient_ref, slot_ref)
        return _confirm_page(*found, form)

    return _or_taken(lambda: round_trip(form, send, show), patient_ref, slot_ref)


def _confirm_page(subject: Subject, slot: SlotDetails, form: BookForm) -> str:
    by, now = current.actor(), current.now()
    form.see(slot_shown(slot))
    if not slot.is_open_to(by, now):
        return taken(subject, slot, actions.TAKEN)
    return render_template(
        "appointments/booking/confirm.html",
        subject=subject,
        slot=slot,
        held_until=slot.held_for(by, now),
        form=form,
        errors=page_errors(form),
    )


@views.route(f"{APPOINTMENTS}/overbook/{SLOT}", methods=["GET", "POST"])
@page(Deed.OVERBOOK)
def overbook(patient_ref: str, slot_ref: str) -> Answer:
    form, context = OverbookForm(), current.context()

    def send() -> Response:
        slot, why = form.seen(slot_ref), form.why.data
        ref = actions.overbook(context, patient_ref=patient_ref, slot=slot, why=why)
        message = "The appointment has been booked. Another patient has the same time."
        return _done(message, patient_ref, ref)

    def show() -> str:
        subject, slot = queries.open_slot(context, Deed.OVERBOOK, patient_ref, slot_ref)
        form.see(slot_shown(slot))
        return render_template(
            "appointments/booking/overbook.html",
            subject=subject,
            slot=slot,
            form=form,
            errors=page_errors(form),
        )

    return round_trip(form, send, show)


@views.post(f"{APPOINTMENT}/move/hold/{SLOT}")
@page(Deed.HOLD_SLOT)
def hold_to_move(patient_ref: str, appointment_ref: str, slot_ref: str) -> Answer:
    refs = {"patient_ref": patient_ref, "slot_ref": slot_ref}

    def send() -> Response:
        actions.hold(current.context(), **refs, moving=appointment_ref)
        where: dict[str, Any] = {**refs, "appointment_ref": appointment_ref}
        return redirect(url_for(".confirm_move", **where), code=303)

    return _or_taken(send, patient_ref, slot_ref, appointment_ref)


@views.get(f"{APPOINTMENT}/move/{SLOT}")
@page(Deed.MOVE_APPOINTMENT)
def confirm_move(patient_ref: str, appointment_ref: str, slot_ref: str) -> str:
    return _move_page(patient_ref, appointment_ref, slot_ref, MoveForm())


@views.post(f"{APPOINTMENT}/move/{SLOT}")
@page(Deed.MOVE_APPOINTMENT)
def move(patient_ref: str, appointment_ref: str, slot_ref: str) -> Answer:
    form = MoveForm()

    def send() -> Response:
        appointment, slot = form.all_seen(appointment_ref, slot_ref)
        actions.move(current.context(), patient_ref=patient_ref, appointment=appointment, slot=slot)
        return _done("The appointment has been moved.", patient_ref, appointment_ref)

    def attempt() -> Answer:
        show = partial(_move_page, patient_ref, appointment_ref, slot_ref, form)
        return round_trip(form, send, show)

    return _or_taken(attempt, patient_ref, slot_ref, appointment_ref)


def _move_page(patient_ref: str, appointment_ref: str, slot_ref: str, form: MoveForm) -> str:
    context = current.context()
    subject, moved = open_one(context, Deed.MOVE_APPOINTMENT, patient_ref, appointment_ref)
    slot = queries.find_slot(context, slot_ref)
    form.see(move_shown(moved, slot))
    if not slot.is_open_to(context.by, context.now):
        return taken(subject, slot, actions.TAKEN, appointment_ref)
    return render_template(
        "appointments/booking/confirm_move.html",
        subject=subject,
        moved=moved,
        slot=slot,
        held_until=slot.held_for(context.by, context.now),
        form=form,
        errors=page_errors(form),
    )


@views.route(f"{APPOINTMENT}/cancel", methods=["GET", "POST"])
@page(Deed.CANCEL_APPOINTMENT)
def cancel(patient_ref: str, appointment_ref: str) -> Answer:
    form, context = CancelForm(), current.context()

    def send() -> Response:
        appointment = form.seen(appointment_ref)
        actions.cancel(context, patient_ref=patient_ref, appointment=appointment, why=form.why)
        return _done("The appointment has been cancelled.", patient_ref, appointment_ref)

    def show() -> str:
        deed = Deed.CANCEL_APPOINTMENT
        subject, appointment = open_one(context, deed, patient_ref, appointment_ref)
        form.see(appointment_shown(appointment))
        return render_template(
            "appointments/booking/cancel.html",
            subject=subject,
            appointment=appointment,
            form=form,
            errors=page_errors(form),
        )

    return round_trip(form, send, show)


def _done(message: str, patient_ref: str, appointment_ref: str) -> Response:
    refs = {"patient_ref": patient_ref, "appointment_ref": appointment_ref}
    return done(message, "appointment_list.show", **refs)


def _or_taken(
    send: Callable[[], Answer], patient_ref: str, slot_ref: str, moved_ref: str | None = None
) -> Answer:
    """The response of `send`; if somebody else was faster, the page with the next free times.

    A failed attempt is rolled back first.
    """
    try:
        return send()
    except Conflict as fault:
        db.session.rollback()
        measured(BOOKING, Bookings=1, Outcome="refused")
        context = current.context()
        subject = context.find_patient(Deed.FIND_SLOTS, patient_ref)
        slot = queries.find_slot(context, slot_ref)
        return taken(subject, slot, fault.message, moved_ref), 409
