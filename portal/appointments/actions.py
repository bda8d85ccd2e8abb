"""Holding, booking, moving and cancelling. Who gets a slot is decided by the database.

A slot is taken by one conditional UPDATE: whoever changes its row has it. The unique key on
`appointment.occupied_slot_id` stands behind it. Two bookings of one patient are put in line by a
lock on the patient's row, because no key can say that two times overlap.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Select, Update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.appointments import rules, statements
from portal.errors import Conflict, NotFound, Refused
from portal.hospital import Hospital
from portal.measures import BOOKING, measured_when_committed
from portal.models import Appointment, AppointmentStatus, Notice, Slot, SlotStatus, new_ref, scope
from portal.outbox import announce

TAKEN = "Somebody else has just taken this time."
TOO_LATE = "This time is too close to be booked now."
CHANGED = "This appointment was changed meanwhile. Look at it again before you go on."
OVERLAPS = "There is another appointment at that time already. Choose a time that does not overlap."
TOO_MANY = "There are as many appointments ahead as can be booked online. Call us to book another."
STILL_FREE = "Nobody has booked this time. Book it the ordinary way."

Facts = dict[str, Any]


def hold(
    session: Session,
    *,
    by: Actor,
    patient_ref: str,
    slot_ref: str,
    hospital: Hospital,
    now: datetime,
    moving: str | None = None,
) -> None:
    """Keeps a slot for `by` while they confirm, and lets go of the one that they held before.

    `moving` is the reference of the appointment that is to move there. Raises `NotFound`, `Refused`,
    or `Conflict` when the slot is taken or held for another.
    """
    deed = Deed.HOLD_SLOT
    relations = require(by, deed)
    refs = {"patient_ref": patient_ref, "slot_ref": slot_ref}
    if moving:
        refs["appointment_ref"] = moving
        statement = statements.patient_appointment_and_slot(relations)
    else:
        statement = statements.patient_and_slot(relations)
    facts = _facts(session, statement, by, hospital, now, **refs)
    if facts["slot_key"] is None:
        raise Conflict(TAKEN)
    _require_bookable(by, facts, hospital, now)
    facts["until"] = rules.hold_until(hospital, now)
    if _changed(session, statements.HOLD, facts) == 0:
        raise Conflict(TAKEN)
    session.execute(statements.LET_GO, facts)
    of = Slot.reference(slot_ref)
    audit.remember(session, by=by, deed=deed, now=now, of=of, patient=patient_ref)


def book(
    session: Session,
    *,
    by: Actor,
    patient_ref: str,
    slot_ref: str,
    about: str,
    hospital: Hospital,
    now: datetime,
) -> str:
    """Books the slot for the patient, held before or not; returns the appointment's reference.

    `about` is why the patient comes, up to 500 characters. Raises `NotFound`, `Refused` for a rule,
    or `Conflict` when somebody else was first.
    """
    statement = statements.patient_and_slot(require(by, Deed.BOOK_APPOINTMENT))
    facts = _facts(
        session, statement, by, hospital, now, patient_ref=patient_ref, slot_ref=slot_ref
    )
    _require_bookable(by, facts, hospital, now)
    _take(session, facts)
    facts |= {"about": about, "why_beside": None, "most_ahead": rules.most_ahead(by, hospital)}
    return _insert(session, by, Deed.BOOK_APPOINTMENT, facts, hospital, now)


def overbook(
    session: Session,
    *,
    by: Actor,
    patient_ref: str,
    slot_ref: str,
    why: str,
    hospital: Hospital,
    now: datetime,
) -> str:
    """Puts the patient beside whoever has the slot, on purpose; returns the appointment's reference.

    Raises `NotFound`, or `Refused` when the slot is not taken, is over or was taken out.
    """
    statement = statements.patient_and_slot(require(by, Deed.OVERBOOK))
    facts = _facts(
        session, statement, by, hospital, now, patient_ref=patient_ref, slot_ref=slot_ref
    )
    _require_bookable(by, facts, hospital, now)
    if facts["slot_status"] is not SlotStatus.BUSY:
        raise Refused(STILL_FREE)
    facts |= {"about": "", "why_beside": why, "most_ahead": rules.UNLIMITED}
    return _insert(session, by, Deed.OVERBOOK, facts, hospital, now)


def move(
    session: Session,
    *,
    by: Actor,
    patient_ref: str,
    appointment_ref: str,
    slot_ref: str,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Moves a booked appointment to a free slot: the old one is kept until the new one is theirs.

    Raises `NotFound`, `Refused` for a rule, or `Conflict` when somebody else was first.
    """
    deed = Deed.MOVE_APPOINTMENT
    facts = _facts(
        session,
        statements.patient_appointment_and_slot(require(by, deed)),
        by,
        hospital,
        now,
        patient_ref=patient_ref,
        appointment_ref=appointment_ref,
        slot_ref=slot_ref,
    )
    rules.require_not_begun(facts["old_begins"], now)
    if facts["slot_key"] is None:
        raise Conflict(TAKEN)
    _require_bookable(by, facts, hospital, now)
    _take(session, facts)
    if _changed(session, statements.MOVE, facts) == 0:
        raise Refused(CHANGED if facts["seen_status"] is not AppointmentStatus.BOOKED else OVERLAPS)
    session.execute(statements.GIVE_BACK, facts)
    _tell(session, by, deed, Notice.Occasion.MOVED, facts, hospital, now)


def cancel(
    session: Session,
    *,
    by: Actor,
    patient_ref: str,
    appointment_ref: str,
    why: str,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Cancels a booked appointment and gives its slot back, if that is still ahead.

    No rule of booking is asked. Raises `NotFound`, or `Refused` once the patient has arrived.
    """
    deed = Deed.CANCEL_APPOINTMENT
    facts = _facts(
        session,
        statements.patient_and_appointment(require(by, deed)),
        by,
        hospital,
        now,
        patient_ref=patient_ref,
        appointment_ref=appointment_ref,
    )
    rules.require_cancellable(by, facts["old_begins"], now)
    facts |= {"why": why, "begins": facts["old_begins"]}
    if _changed(session, statements.CANCEL, facts) == 0:
        raise Refused(CHANGED)
    session.execute(statements.GIVE_BACK, facts)
    _tell(session, by, deed, Notice.Occasion.CANCELLED, facts, hospital, now)


def _facts(
    session: Session,
    statement: Select[Any],
    by: Actor,
    hospital: Hospital,
    now: datetime,
    **refs: str,
) -> Facts:
    """What the action is about, by the bind parameters' names; raises `NotFound`."""
    values = scope.parameters(by, hospital, now) | refs
    row = session.execute(statement, values).one_or_none()
    if row is None:
        raise NotFound
    return {**row._mapping, **refs, "account_key": by.account_id, "now": now}


def _require_bookable(by: Actor, facts: Facts, hospital: Hospital, now: datetime) -> None:
    rules.require_alive(facts["deceased_on"])
    if facts["begins"] < rules.earliest_start(by, hospital, now):
        raise Conflict(TOO_LATE)
    facts["day_before"] = facts["begins"] - timedelta(days=1)


def _take(session: Session, facts: Facts) -> None:
    if _changed(session, statements.TAKE, facts) == 0:
        raise Conflict(TAKEN)


def _insert(
    session: Session, by: Actor, deed: Deed, facts: Facts, hospital: Hospital, now: datetime
) -> str:
    facts["new_ref"] = ref = new_ref()
    try:
        result = cast("CursorResult[Any]", session.execute(statements.INSERT, facts))
    except IntegrityError:
        raise Conflict(TAKEN) from None
    if result.rowcount == 0:
        overlapping = session.execute(statements.OVERLAPPING, facts).scalar_one()
        raise Refused(OVERLAPS if overlapping else TOO_MANY)
    facts |= {"appointment_key": result.lastrowid, "appointment_ref": ref, "seen_sequence": -1}
    _tell(session, by, deed, Notice.Occasion.BOOKED, facts, hospital, now)
    return ref


def _tell(
    session: Session,
    by: Actor,
    deed: Deed,
    occasion: Notice.Occasion,
    facts: Facts,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Leaves the audit entry, the notice and the count of what was just done."""
    of = Appointment.reference(facts["appointment_ref"])
    audit.remember(session, by=by, deed=deed, now=now, of=of, patient=facts["patient_ref"])
    measured_when_committed(session, BOOKING, Bookings=1, Outcome=occasion.value)
    announce(
        session,
        appointment_id=facts["appointment_key"],
        sequence=facts["seen_sequence"] + 1,
        starts_at=facts["begins"],
        occasion=occasion,
        hospital=hospital,
        now=now,
    )


def _changed(session: Session, statement: Update, facts: Facts) -> int:
    return cast("CursorResult[Any]", session.execute(statement, facts)).rowcount
