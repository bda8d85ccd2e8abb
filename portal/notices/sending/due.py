"""A notice's appointment at the time of sending, and whether the notice is still correct."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from portal.context import Context
from portal.models import Account, Appointment, Note, Notice, Patient, Slot
from portal.models.base import table_of
from portal.models.rows import columns, one_row, rows
from portal.vocabulary import AppointmentStatus, CompositionStatus, Occasion, SlotStatus

CHANGED = "The appointment was moved, cancelled or started before this was sent."
TAKEN_OUT = "The session was cancelled, so the appointment must be rebooked first."
GIVEN_BACK = "The time was given back before this was sent."
SIGNED = "Everything was signed before this was sent."
PAST = "The appointment's time had passed before this was sent."

_notice, _appointment = table_of(Notice), table_of(Appointment)
_account, _note = table_of(Account), table_of(Note)
_slot, _patient = table_of(Slot), table_of(Patient)


class Due(NamedTuple):
    """A notice with its appointment and patient as they are now."""

    ref: str
    occasion: Occasion
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
    do_not_contact: bool

    def overtaken(self, now: datetime) -> str | None:
        """The reason not to send it any more, in words; None when it must be sent."""
        told = (
            AppointmentStatus.CANCELLED
            if self.occasion is Occasion.CANCELLED
            else AppointmentStatus.BOOKED
        )
        if self.sequence != self.appointment_sequence or self.status is not told:
            return CHANGED
        if self.starts_at <= now:
            return PAST
        taken_out = self.slot_status is SlotStatus.UNAVAILABLE
        if self.occasion is Occasion.WITHDRAWN:
            return None if taken_out else GIVEN_BACK
        # Nobody must be asked to come to a session that does not take place.
        return TAKEN_OUT if told is AppointmentStatus.BOOKED and taken_out else None


class DueToStaff(NamedTuple):
    """A notice to an account, with the account's current data."""

    ref: str
    occasion: Occasion
    account_ref: str
    email: str | None
    disabled_at: datetime | None
    unsigned: int
    """The number of the account's unsigned notes."""

    @property
    def starts_at(self) -> None:
        """None: it has no appointment…"""

    @property
    def patient_ref(self) -> None:
        """…and no patient."""

    def overtaken(self, now: datetime) -> str | None:  # noqa: ARG002
        return None if self.unsigned and self.disabled_at is None else SIGNED


_LOOK = (
    select(
        *columns(
            Due,
            _notice,
            appointment_sequence=_appointment.c.sequence,
            status=_appointment.c.status,
            starts_at=_appointment.c.starts_at,
            slot_status=_slot.c.status,
            patient_id=_patient.c.id,
            patient_ref=_patient.c.ref,
            patient_email=_patient.c.email,
            birth_date=_patient.c.birth_date,
            deceased_on=_patient.c.deceased_on,
            do_not_contact=_patient.c.do_not_contact,
        )
    )
    .join(_appointment, _notice.c.appointment_id == _appointment.c.id)
    .join(_slot, _appointment.c.slot_id == _slot.c.id)
    .join(_patient, _appointment.c.patient_id == _patient.c.id)
    .where(_notice.c.id == bindparam("notice_id"))
)


_UNSIGNED = (
    select(func.count())
    .where(
        _note.c.author_account_id == _account.c.id,
        _note.c.status == CompositionStatus.PRELIMINARY,
    )
    .correlate(_account)
    .scalar_subquery()
)
_LOOK_AT_STAFFS = (
    select(
        *columns(
            DueToStaff,
            _notice,
            account_ref=_account.c.ref,
            email=_account.c.email,
            disabled_at=_account.c.disabled_at,
            unsigned=_UNSIGNED,
        )
    )
    .join(_account, _notice.c.account_id == _account.c.id)
    .where(_notice.c.id == bindparam("notice_id"))
)


def look(context: Context, notice_id: int) -> Due | DueToStaff:
    values = {"notice_id": notice_id}
    of_patients = rows(context.session, Due, _LOOK, values)
    if of_patients:
        return of_patients[0]
    return one_row(context.session, DueToStaff, _LOOK_AT_STAFFS, values)
