"""What a notice is about at the moment of sending, and whether it is still true."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from portal.models import Appointment, AppointmentStatus, Notice, Patient, Slot, SlotStatus

CHANGED = "The appointment was moved, cancelled or begun before this was sent."
TAKEN_OUT = "The session was cancelled, so the appointment must be rebooked first."
PAST = "The appointment's time was past before this was sent."

_LOOK: Select[*tuple[Any, ...]] = (
    select(
        Notice.ref,
        Notice.occasion,
        Notice.sequence,
        Appointment.sequence,
        Appointment.status,
        Appointment.starts_at,
        Slot.status,
        Patient.id,
        Patient.ref,
        Patient.email,
        Patient.birth_date,
        Patient.deceased_on,
    )
    .join(Appointment, Notice.appointment_id == Appointment.id)
    .join(Slot, Appointment.slot_id == Slot.id)
    .join(Patient, Appointment.patient_id == Patient.id)
    .where(Notice.id == bindparam("notice_id"))
)


@dataclass(frozen=True, slots=True)
class Due:
    """A notice beside its appointment and patient as they are now."""

    ref: str
    occasion: Notice.Occasion
    sequence: int
    appointment_sequence: int
    status: AppointmentStatus
    starts_at: datetime
    slot_status: SlotStatus
    patient_id: int
    patient_ref: str
    patient_email: str | None
    birth_date: date
    deceased_on: date | None

    def overtaken(self, now: datetime) -> str | None:
        """Why it is not to be sent any more, in words; None when it still is."""
        told = (
            AppointmentStatus.CANCELLED
            if self.occasion is Notice.Occasion.CANCELLED
            else AppointmentStatus.BOOKED
        )
        if self.sequence != self.appointment_sequence or self.status is not told:
            return CHANGED
        if told is AppointmentStatus.BOOKED and self.slot_status is SlotStatus.UNAVAILABLE:
            # Whoever is asked to come would stand before a closed door.
            return TAKEN_OUT
        return PAST if self.starts_at <= now else None


def look(session: Session, notice_id: int) -> Due:
    return Due(*session.execute(_LOOK, {"notice_id": notice_id}).one())
