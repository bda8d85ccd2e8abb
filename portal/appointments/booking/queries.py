"""The slot on the page that confirms a booking or a move."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from portal.access import Actor, Deed
from portal.context import Context
from portal.models import Appointment, Location, Practitioner, Slot
from portal.models.base import table_of
from portal.models.practitioners import PRACTITIONER_NAME
from portal.models.rows import columns, one_row
from portal.reach.lookup import Subject
from portal.vocabulary import AppointmentStatus, Mode, SlotStatus

_appointment = table_of(Appointment)
_slot = table_of(Slot)
_location = table_of(Location)
_practitioner = table_of(Practitioner)


class SlotDetails(NamedTuple):
    """A slot as the confirmation page shows it."""

    ref: str
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    status: SlotStatus
    version: int
    held_by_account_id: int | None
    held_until: datetime | None
    practitioner: str
    specialty: str
    location_id: int
    location_ref: str
    location: str
    address: str | None

    def is_open_to(self, by: Actor, now: datetime) -> bool:
        """Whether it looks free to `by`; only the booking itself decides."""
        held_for_another = self._is_held(now) and self.held_by_account_id != by.account_id
        return self.status is SlotStatus.FREE and self.starts_at > now and not held_for_another

    def held_for(self, by: Actor, now: datetime) -> datetime | None:
        """The end of the hold for `by`, if there is one."""
        mine = self._is_held(now) and self.held_by_account_id == by.account_id
        return self.held_until if mine else None

    def _is_held(self, now: datetime) -> bool:
        return self.held_until is not None and self.held_until > now


_SLOT: Select[Any] = (
    select(
        *columns(
            SlotDetails,
            _slot,
            practitioner=PRACTITIONER_NAME,
            specialty=_practitioner.c.specialty,
            location_ref=_location.c.ref,
            location=_location.c.name,
            address=_location.c.address,
        )
    )
    .join(_practitioner, _practitioner.c.id == _slot.c.practitioner_id)
    .join(_location, _location.c.id == _slot.c.location_id)
    .where(_slot.c.ref == bindparam("slot_ref"))
)
_BOOKED_IN: Select[Any] = (
    select(_appointment.c.ref)
    .join(_slot, _slot.c.id == _appointment.c.slot_id)
    .where(
        _appointment.c.patient_id == bindparam("patient_id"),
        _appointment.c.status == AppointmentStatus.BOOKED,
        _slot.c.ref == bindparam("slot_ref"),
    )
)


def find_slot(context: Context, ref: str) -> SlotDetails:
    """Raises `NotFound`."""
    return one_row(context.session, SlotDetails, _SLOT, {"slot_ref": ref})


def open_slot(
    context: Context, deed: Deed, patient_ref: str, slot_ref: str
) -> tuple[Subject, SlotDetails]:
    """The slot and the patient, if the actor may do `deed`; raises `NotFound`."""
    subject = context.find_patient(deed, patient_ref)
    slot = find_slot(context, slot_ref)
    of = Slot.reference(slot_ref)
    context.remember(Deed.FIND_SLOTS, of=of, patient=subject.ref, opened=True)
    return subject, slot


def booked_in(context: Context, subject: Subject, slot_ref: str) -> str | None:
    """The reference of this patient's own booked appointment in the slot, if there is one."""
    values = {"patient_id": subject.id, "slot_ref": slot_ref}
    found: str | None = context.session.scalar(_BOOKED_IN, values)
    return found
