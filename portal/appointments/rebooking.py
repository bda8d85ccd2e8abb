"""Appointments whose time was taken away by leave or a closure, and that must be moved."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, Relation, require
from portal.appointments.day_list import PEOPLE
from portal.hospital import Hospital
from portal.models import (
    Appointment,
    AppointmentStatus,
    Location,
    Patient,
    Practitioner,
    Slot,
    SlotStatus,
    scope,
)
from portal.models.base import Instant, table_of

MOST = 200

_appointment = table_of(Appointment)
_location = table_of(Location)
_patient = table_of(Patient)
_practitioner = table_of(Practitioner)
_slot = table_of(Slot)


@cache
def _to_rebook(seen: frozenset[Relation]) -> Select[Any]:
    return (
        select(
            _appointment.c.ref,
            _appointment.c.starts_at,
            _appointment.c.mode,
            _location.c.name.label("location"),
            *PEOPLE,
            _patient.c.phone,
        )
        .join(_slot, _slot.c.id == _appointment.c.slot_id)
        .join(_patient, _patient.c.id == _appointment.c.patient_id)
        .join(_practitioner, _practitioner.c.id == _appointment.c.practitioner_id)
        .join(_location, _location.c.id == _appointment.c.location_id)
        .where(
            _slot.c.status == SlotStatus.UNAVAILABLE,
            _slot.c.starts_at >= bindparam("now", type_=Instant()),
            _appointment.c.status == AppointmentStatus.BOOKED,
            scope.appointments(seen),
        )
        .order_by(_slot.c.starts_at)
        .limit(MOST)
    )


def to_rebook(
    session: Session, *, by: Actor, hospital: Hospital, now: datetime
) -> Sequence[Row[Any]]:
    """Booked appointments ahead whose time was taken away by leave or a closure, the next first."""
    seen = require(by, Deed.SEE_DAY_LIST)
    values = scope.parameters(by, hospital, now) | {"now": now}
    rows = session.execute(_to_rebook(seen), values).all()
    audit.remember(session, by=by, deed=Deed.SEE_DAY_LIST, now=now, list="to rebook")
    return rows
