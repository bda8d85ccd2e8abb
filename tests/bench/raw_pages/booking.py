"""Booking and moving an appointment, written directly with the database driver."""

from datetime import datetime, timedelta
from typing import Any

from flask import abort, flash, g, redirect, request
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.models import new_ref
from portal.web import submissions
from tests.bench.raw_pages.connection import (
    actor,
    change,
    connection,
    naive,
    one,
    remember,
    today,
)

_THEIRS = (
    "p.ref = %s AND p.merged_into_id IS NULL AND EXISTS (SELECT * FROM related_person r"
    " WHERE r.account_id = %s AND r.patient_id = p.id AND r.ended_at IS NULL"
    " AND (r.ends_on IS NULL OR r.ends_on > %s))"
)
_OVERLAP = (
    "SELECT o.id FROM appointment o WHERE o.patient_id = %s AND o.status IN"
    " ('booked', 'arrived') AND o.starts_at < %s AND o.ends_at > %s AND o.starts_at > %s"
)
_FREE = "(held_until IS NULL OR held_until <= %s OR held_by_account_id = %s)"


def book(patient_ref: str, slot_ref: str) -> Response:
    validate_csrf(request.form["csrf_token"])
    patient_id, died, slot_id, starts, ends = one(
        "SELECT p.id, p.deceased_on, s.id, s.starts_at, s.ends_at FROM patient p"
        f" JOIN slot s ON s.ref = %s WHERE {_THEIRS} FOR UPDATE",
        *(slot_ref, patient_ref, actor().account_id, today()),
    )
    _require_bookable(died, starts)
    _take(slot_id)
    ref, now = new_ref(), naive(g.now)
    overlap = (patient_id, ends, starts, starts - timedelta(days=1))
    change(
        "INSERT INTO appointment (ref, patient_id, slot_id, practitioner_id, location_id,"
        " starts_at, ends_at, mode, status, reason, sequence, created_at, updated_at)"
        " SELECT %s, %s, id, practitioner_id, location_id, starts_at, ends_at, mode, 'booked',"
        f" %s, 0, %s, %s FROM slot WHERE id = %s AND NOT EXISTS ({_OVERLAP}) AND 10 >"
        " (SELECT COUNT(*) FROM appointment o WHERE o.patient_id = %s AND o.status = 'booked'"
        " AND o.starts_at > %s)",
        *(ref, patient_id, request.form["about"].strip(), now, now, slot_id),
        *(*overlap, patient_id, now),
    )
    appointment_id = connection().insert_id()  # type: ignore[no-untyped-call]
    _tell(Deed.BOOK_APPOINTMENT, patient_ref, ref, appointment_id, "booked", 0, starts)
    return _done(patient_ref, ref, "The appointment has been booked.")


def move(patient_ref: str, appointment_ref: str, slot_ref: str) -> Response:
    validate_csrf(request.form["csrf_token"])
    found = one(
        "SELECT p.id, p.deceased_on, a.id, a.sequence, a.slot_id, a.starts_at, s.id, s.starts_at,"
        " s.ends_at, s.practitioner_id, s.location_id, s.mode FROM patient p"
        " JOIN appointment a ON a.patient_id = p.id"
        " JOIN slot s ON s.ref = %s AND s.id <> a.slot_id"
        f" WHERE {_THEIRS} AND a.ref = %s FOR UPDATE",
        *(slot_ref, patient_ref, actor().account_id, today(), appointment_ref),
    )
    patient_id, died, key, sequence, old_slot, old_starts, slot_id, starts, ends, *where = found
    now = naive(g.now)
    if old_starts <= now:
        abort(409)
    _require_bookable(died, starts)
    _take(slot_id)
    overlap = (patient_id, ends, starts, starts - timedelta(days=1))
    change(
        "UPDATE appointment SET slot_id = %s, practitioner_id = %s, location_id = %s, mode = %s,"
        " starts_at = %s, ends_at = %s, overbook_reason = NULL, sequence = sequence + 1,"
        " version = version + 1, updated_at = %s WHERE id = %s AND status = 'booked' AND sequence = %s"
        f" AND NOT EXISTS (SELECT * FROM ({_OVERLAP} AND o.id <> %s LIMIT 1) others)",
        *(slot_id, *where, starts, ends, now, key, sequence, *overlap, key),
    )
    change(
        "UPDATE slot SET status = 'free' WHERE id = %s AND status = 'busy' AND starts_at > %s"
        " AND NOT EXISTS (SELECT * FROM appointment a WHERE a.slot_id = %s"
        " AND a.status IN ('booked', 'arrived', 'fulfilled'))",
        *(old_slot, now, old_slot),
    )
    _tell(Deed.MOVE_APPOINTMENT, patient_ref, appointment_ref, key, "moved", sequence + 1, starts)
    return _done(patient_ref, appointment_ref, "The appointment has been moved.")


def _require_bookable(died: Any, starts: datetime) -> None:
    if died is not None or starts < naive(g.now) + timedelta(hours=1):
        abort(409)


def _take(slot_id: int) -> None:
    change(
        "UPDATE slot SET status = 'busy', held_by_account_id = NULL, held_until = NULL"
        f" WHERE id = %s AND status = 'free' AND {_FREE}",
        *(slot_id, naive(g.now), actor().account_id),
    )


def _tell(
    deed: Deed,
    patient_ref: str,
    ref: str,
    appointment_id: int,
    occasion: str,
    sequence: int,
    starts: datetime,
) -> None:
    remember(deed, f"Appointment/{ref}", patient_ref)
    now, remind_at = naive(g.now), starts - timedelta(hours=48)
    due = [(occasion, now)] + ([("reminder", remind_at)] if remind_at > now else [])
    values = [
        value
        for told, at in due
        for value in (new_ref(), appointment_id, told, sequence, "waiting", at, 0, now)
    ]
    change(
        "INSERT INTO notice (ref, appointment_id, occasion, sequence, state, due_at, attempts,"
        f" created_at) VALUES {', '.join(['(%s, %s, %s, %s, %s, %s, %s, %s)'] * len(due))}",
        *values,
    )


def _done(patient_ref: str, ref: str, message: str) -> Response:
    location = f"/patients/{patient_ref}/appointments/{ref}"
    change(
        "INSERT INTO submission (`key`, account_id, location, message, created_at)"
        " VALUES (%s, %s, %s, %s, %s)",
        *(request.form[submissions.FIELD], actor().account_id, location, message, naive(g.now)),
    )
    connection().commit()
    flash(message)
    return redirect(location, code=303)
