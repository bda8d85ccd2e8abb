"""Ends the appointments, reminders and messages of a patient who has died, in the caller's transaction."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from portal.access import Deed
from portal.appointments.booking import statements
from portal.appointments.ending.rules import DIED
from portal.context import Context
from portal.models import Appointment, Notice
from portal.models.base import Instant, table_of
from portal.models.rows import changed, columns, rows
from portal.vocabulary import AppointmentStatus, NoticeState

_appointment, _notice = table_of(Appointment), table_of(Notice)

NOBODY_TO_TELL = "The patient has died."
_ON_THEIR_WAY = (NoticeState.WAITING, NoticeState.FAILED)


class _Ahead(NamedTuple):
    appointment_key: int
    appointment_version: int
    old_slot_key: int
    ref: str
    begins: datetime


_AHEAD = (
    select(
        *columns(
            _Ahead,
            _appointment,
            appointment_key=_appointment.c.id,
            appointment_version=_appointment.c.version,
            old_slot_key=_appointment.c.slot_id,
            begins=_appointment.c.starts_at,
        )
    )
    .where(
        _appointment.c.patient_id == bindparam("patient_id"),
        _appointment.c.status == AppointmentStatus.BOOKED,
        _appointment.c.starts_at > bindparam("now", type_=Instant()),
    )
    .order_by(_appointment.c.starts_at, _appointment.c.id)
    .with_for_update()
)
_OF_THE_PATIENT = select(_appointment.c.id).where(
    _appointment.c.patient_id == bindparam("the_patient")
)
_DROP = (
    update(_notice)
    .where(
        _notice.c.appointment_id.in_(_OF_THE_PATIENT),
        _notice.c.state.in_(_ON_THEIR_WAY),
    )
    .values(state=NoticeState.DROPPED, last_error=NOBODY_TO_TELL)
)


def end_all(context: Context, deed: Deed, patient_id: int, patient_ref: str) -> int:
    """Cancels future appointments, frees their slots and stops every message; returns how many appointments.

    The caller must have locked the patient's row, so that nothing is booked meanwhile.
    """
    found = rows(context.session, _Ahead, _AHEAD, {"patient_id": patient_id, "now": context.now})
    for one in found:
        _end(context, one)
        context.remember(deed, of=Appointment.reference(one.ref), patient=patient_ref, ended=True)
    context.session.execute(_DROP, {"the_patient": patient_id})
    return len(found)


def _end(context: Context, one: _Ahead) -> None:
    values: dict[str, Any] = {**one._asdict(), "now": context.now, "why": DIED}
    if changed(context.session, statements.CANCEL, values):
        context.session.execute(statements.GIVE_BACK, values)
