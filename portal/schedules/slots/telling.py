"""Notices to patients that their time was taken out or restored."""

from collections.abc import Sequence

from sqlalchemy import exists, select, update

from portal.context import Context
from portal.models import Appointment, Notice, Slot
from portal.models.base import table_of
from portal.models.rows import columns, rows
from portal.notices.outbox import Announced, announce_all
from portal.schedules.slots.batches import batches
from portal.vocabulary import AppointmentStatus, NoticeState, Occasion, SlotStatus

_appointment, _slot = table_of(Appointment), table_of(Slot)

_TOLD = exists().where(
    Notice.appointment_id == Appointment.id,
    Notice.sequence == Appointment.sequence,
    Notice.occasion == Occasion.WITHDRAWN,
    Notice.state.in_((NoticeState.SENDING, NoticeState.SENT)),
)
"""The patient was told that the time was taken out. Others are no longer told once it is restored."""


def tell_withdrawn(context: Context, appointment_ids: Sequence[int]) -> None:
    """Writes a notice per patient, and raises the appointments' versions, so that open forms are out of
    date."""
    _tell(context, Occasion.WITHDRAWN, appointment_ids)


def tell_restored(context: Context, slot_ids: Sequence[int]) -> None:
    """The same for patients who were told that their time, in one of these slots, was taken out."""
    for some in batches(slot_ids):
        told = select(_appointment.c.id).where(
            _appointment.c.slot_id.in_(some),
            _appointment.c.status == AppointmentStatus.BOOKED,
            _appointment.c.slot_id == _slot.c.id,
            _slot.c.status == SlotStatus.UNAVAILABLE,
            _TOLD,
        )
        _tell(context, Occasion.RESTORED, list(context.session.scalars(told)))


def _tell(context: Context, occasion: Occasion, appointment_ids: Sequence[int]) -> None:
    for some in batches(appointment_ids):
        these = _appointment.c.id.in_(some)
        context.session.execute(
            update(_appointment)
            .where(these)
            .values(
                sequence=_appointment.c.sequence + 1,
                version=_appointment.c.version + 1,
                updated_at=context.now,
            )
        )
        announced = select(*columns(Announced, _appointment)).where(these)
        announce_all(context, occasion, rows(context.session, Announced, announced))
