"""Moving an appointment: hold the new time, check both, move."""

from flask import flash, redirect, render_template, url_for

from portal.access import Deed
from portal.appointments import actions, queries
from portal.appointments.booking_views import SLOT, came_second, held_until
from portal.appointments.finding_views import taken
from portal.appointments.views import APPOINTMENT, Answer, subject_of, views
from portal.database import db
from portal.errors import Conflict
from portal.web import current
from portal.web.current import setting
from portal.web.guard import deed


@views.post(f"{APPOINTMENT}/move/hold/{SLOT}")
@deed(Deed.HOLD_SLOT)
def hold_to_move(patient_ref: str, appointment_ref: str, slot_ref: str) -> Answer:
    try:
        actions.hold(
            db.session(),
            patient_ref=patient_ref,
            slot_ref=slot_ref,
            moving=appointment_ref,
            **setting(),
        )
    except Conflict as fault:
        return came_second(patient_ref, slot_ref, fault, appointment_ref)
    address = url_for(
        ".confirm_move",
        patient_ref=patient_ref,
        appointment_ref=appointment_ref,
        slot_ref=slot_ref,
    )
    return redirect(address, code=303)


@views.get(f"{APPOINTMENT}/move/{SLOT}")
@deed(Deed.MOVE_APPOINTMENT)
def confirm_move(patient_ref: str, appointment_ref: str, slot_ref: str) -> Answer:
    session, by, now = db.session(), current.actor(), current.now()
    subject = subject_of(patient_ref, Deed.MOVE_APPOINTMENT)
    moved = queries.one(session, by=by, subject=subject, ref=appointment_ref, now=now)
    slot = queries.slot(session, ref=slot_ref)
    if not queries.is_open_to(slot, by, now):
        return taken(subject, slot_ref, actions.TAKEN, appointment_ref)
    return render_template(
        "appointments/confirm_move.html",
        subject=subject,
        moved=moved,
        slot=slot,
        held_until=held_until(slot),
    )


@views.post(f"{APPOINTMENT}/move/{SLOT}")
@deed(Deed.MOVE_APPOINTMENT)
def move(patient_ref: str, appointment_ref: str, slot_ref: str) -> Answer:
    try:
        actions.move(
            db.session(),
            patient_ref=patient_ref,
            appointment_ref=appointment_ref,
            slot_ref=slot_ref,
            **setting(),
        )
    except Conflict as fault:
        return came_second(patient_ref, slot_ref, fault, appointment_ref)
    flash("The appointment is moved.")
    return redirect(
        url_for(".show", patient_ref=patient_ref, appointment_ref=appointment_ref), code=303
    )
