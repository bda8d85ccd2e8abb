"""Holding, booking, moving and cancelling. The database decides who gets a slot.

One conditional UPDATE takes a slot, and the unique key on `appointment.occupied_slot_id` makes double booking
impossible. A lock on the patient's row serializes bookings of one patient, because no unique key can prevent
overlapping times.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.access import Deed
from portal.appointments.booking import locking, rules, statements
from portal.appointments.booking.locking import Kept, Move, Wanted
from portal.context import Context
from portal.errors import ChangedMeanwhile, Conflict, Refused
from portal.models import Appointment, Slot, new_ref
from portal.models.rows import changed, inserted, one_row
from portal.notices.outbox import Announced, announce
from portal.seen import Seen
from portal.telemetry.measures import BOOKING, measured_when_committed
from portal.vocabulary import AppointmentStatus, Occasion, SlotStatus

TAKEN = "Somebody else has just taken this time."
TOO_LATE = "This time is too close to be booked now."
OVERLAPS = "There is another appointment at that time already. Choose a time that does not overlap."
TOO_MANY = "No more appointments can be booked online for now. Call us to book another."
STILL_FREE = "Nobody has booked this time. Book it as usual."

ONE_DAY = timedelta(days=1)

_OCCASIONS = {
    Deed.BOOK_APPOINTMENT: Occasion.BOOKED,
    Deed.OVERBOOK: Occasion.BOOKED,
    Deed.MOVE_APPOINTMENT: Occasion.MOVED,
    Deed.CANCEL_APPOINTMENT: Occasion.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class _New:
    """The fields of a new appointment besides the patient and the slot."""

    about: str = ""
    why_beside: str | None = None
    most_ahead: int = rules.UNLIMITED


def hold(context: Context, *, patient_ref: str, slot_ref: str, moving: str | None = None) -> None:
    """Holds a slot for the actor while they confirm, and frees the slot that they held before.

    `moving` is the reference of the appointment to move there. Raises `NotFound`, `Refused`, or `Conflict`
    when the slot is taken or held for another account.
    """
    deed = Deed.HOLD_SLOT
    found = (
        _wanted(context, deed, patient_ref, slot_ref)
        if moving is None
        else _move(context, deed, patient_ref, slot_ref, moving)
    )
    _require_another(found)
    _require_bookable(context, found.deceased_on, found.begins)
    until = rules.hold_until(context.hospital, context.now)
    values = _values(context, found, until=until)
    if changed(context.session, statements.HOLD, values) == 0:
        raise Conflict(TAKEN)
    context.session.execute(statements.LET_GO, values)
    context.remember(deed, of=Slot.reference(slot_ref), patient=patient_ref)


def book(context: Context, *, patient_ref: str, slot: Seen, about: str) -> str:
    """Books the slot for the patient, with or without a hold; returns the appointment's reference.

    `about` is the reason for coming, up to 500 characters. Raises `NotFound`, `Refused` for a rule,
    `ChangedMeanwhile`, or `Conflict` when somebody else was faster.
    """
    deed = Deed.BOOK_APPOINTMENT
    found = _wanted(context, deed, patient_ref, slot.ref)
    slot.require(found.slot_version)
    _require_bookable(context, found.deceased_on, found.begins)
    _take(context, found)
    most_ahead = rules.most_ahead(context.by, context.hospital)
    return _insert(context, deed, patient_ref, found, _New(about, most_ahead=most_ahead))


def overbook(context: Context, *, patient_ref: str, slot: Seen, why: str) -> str:
    """Books a slot that another patient already has; returns the appointment's reference.

    Raises `NotFound`, `ChangedMeanwhile`, or `Refused` when the slot is free, over or taken out.
    """
    deed = Deed.OVERBOOK
    found = _wanted(context, deed, patient_ref, slot.ref)
    slot.require(found.slot_version)
    _require_bookable(context, found.deceased_on, found.begins)
    if found.slot_status is not SlotStatus.BUSY:
        raise Refused(STILL_FREE)
    return _insert(context, deed, patient_ref, found, _New(why_beside=why))


def move(context: Context, *, patient_ref: str, appointment: Seen, slot: Seen) -> None:
    """Moves a booked appointment to a free slot; the old slot is freed only once the new one is booked.

    Raises `NotFound`, `Refused` for a rule, `ChangedMeanwhile`, or `Conflict` when somebody was faster.
    """
    deed = Deed.MOVE_APPOINTMENT
    found = _move(context, deed, patient_ref, slot.ref, appointment.ref)
    appointment.require(found.appointment_version)
    if found.old_status is not AppointmentStatus.BOOKED:
        raise ChangedMeanwhile
    rules.require_not_begun(found.old_begins, context.now)
    _require_another(found)
    slot.require(found.slot_version)
    _require_bookable(context, found.deceased_on, found.begins)
    _take(context, found)
    values = _values(context, found, day_before=found.begins - ONE_DAY)
    if changed(context.session, statements.MOVE, values) == 0:
        raise Refused(OVERLAPS)
    _give_back(context, found)
    after = Announced(found.appointment_key, found.old_sequence + 1, found.begins)
    _tell(context, deed, patient_ref, appointment.ref, after)


def cancel(context: Context, *, patient_ref: str, appointment: Seen, why: str) -> None:
    """Cancels a booked appointment and frees its slot if that is still in the future.

    Raises `NotFound`, `ChangedMeanwhile` when it changed since it was shown, or `Refused`.
    """
    deed = Deed.CANCEL_APPOINTMENT
    values = context.reach(patient_ref=patient_ref, appointment_ref=appointment.ref)
    found = one_row(context.session, Kept, locking.kept(context.require(deed)), values)
    appointment.require(found.appointment_version)
    rules.require_cancellable(context.by, found.old_begins, context.now)
    if changed(context.session, statements.CANCEL, _values(context, found, why=why)) == 0:
        raise ChangedMeanwhile
    _give_back(context, found)
    after = Announced(found.appointment_key, found.old_sequence + 1, found.old_begins)
    _tell(context, deed, patient_ref, appointment.ref, after)


def _wanted(context: Context, deed: Deed, patient_ref: str, slot_ref: str) -> Wanted:
    values = context.reach(patient_ref=patient_ref, slot_ref=slot_ref)
    return one_row(context.session, Wanted, locking.wanted(context.require(deed)), values)


def _move(context: Context, deed: Deed, patient_ref: str, slot_ref: str, moving: str) -> Move:
    values = context.reach(patient_ref=patient_ref, slot_ref=slot_ref, appointment_ref=moving)
    return one_row(context.session, Move, locking.move(context.require(deed)), values)


def _values(context: Context, found: Wanted | Kept | Move, **others: object) -> dict[str, Any]:
    """The bind parameters: the fields of `found`, the actor and the time."""
    return {
        **found._asdict(),
        "account_key": context.by.account_id,
        "now": context.now,
        **others,
    }


def _require_another(found: Wanted | Move) -> None:
    """Raises `Conflict` for a move to the slot that the appointment already has."""
    if found.slot_key is None:
        raise Conflict(TAKEN)


def _require_bookable(context: Context, deceased_on: date | None, begins: datetime) -> None:
    rules.require_alive(deceased_on)
    if begins < rules.earliest_start(context.by, context.hospital, context.now):
        raise Conflict(TOO_LATE)


def _take(context: Context, found: Wanted | Move) -> None:
    if changed(context.session, statements.TAKE, _values(context, found)) == 0:
        raise Conflict(TAKEN)


def _give_back(context: Context, found: Kept | Move) -> None:
    context.session.execute(statements.GIVE_BACK, _values(context, found))


def _insert(context: Context, deed: Deed, patient_ref: str, found: Wanted, new: _New) -> str:
    ref = new_ref()
    values = _values(
        context,
        found,
        new_ref=ref,
        about=new.about,
        why_beside=new.why_beside,
        most_ahead=new.most_ahead,
        day_before=found.begins - ONE_DAY,
    )
    try:
        key = inserted(context.session, statements.INSERT, values)
    except IntegrityError:
        raise Conflict(TAKEN) from None
    if key is None:
        overlapping = context.session.execute(statements.OVERLAPPING, values).scalar_one()
        raise Refused(OVERLAPS if overlapping else TOO_MANY)
    _tell(context, deed, patient_ref, ref, Announced(key, 0, found.begins))
    return ref


def _tell(context: Context, deed: Deed, patient_ref: str, ref: str, after: Announced) -> None:
    """Adds the audit entry, the metric and the notice of what was just done."""
    occasion = _OCCASIONS[deed]
    context.remember(deed, of=Appointment.reference(ref), patient=patient_ref)
    measured_when_committed(context.session, BOOKING, Bookings=1, Outcome=occasion.value)
    announce(context, occasion, after)
