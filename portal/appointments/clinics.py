"""The clinics whose day somebody may see, and the one in which they work today."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select
from sqlalchemy.orm import Session

from portal.access import Actor, Deed, Relation, require
from portal.errors import NotFound
from portal.hospital import Hospital
from portal.models import Location, Practitioner, PractitionerRole, Slot, scope
from portal.models.base import Instant, table_of

_location = table_of(Location)
_practitioner = table_of(Practitioner)
_role = table_of(PractitionerRole)
_slot = table_of(Slot)


@cache
def _clinics(seen: frozenset[Relation]) -> Select[Any]:
    return (
        select(_location.c.id, _location.c.ref, _location.c.name)
        .where(_location.c.active, scope.locations(seen))
        .order_by(_location.c.name)
    )


@cache
def _clinic(seen: frozenset[Relation]) -> Select[Any]:
    return select(_location.c.id, _location.c.ref, _location.c.name).where(
        _location.c.ref == bindparam("location_ref"), scope.locations(seen)
    )


_OWN: Select[Any] = (
    select(
        _location.c.ref,
        _practitioner.c.ref.label("practitioner_ref"),
        exists()
        .where(
            _slot.c.practitioner_id == _practitioner.c.id,
            _slot.c.location_id == _location.c.id,
            _slot.c.starts_at >= bindparam("begins", type_=Instant()),
            _slot.c.starts_at < bindparam("ends", type_=Instant()),
        )
        .label("today"),
    )
    .join(_role, _role.c.location_id == _location.c.id)
    .join(_practitioner, _practitioner.c.id == _role.c.practitioner_id)
    .where(_practitioner.c.id == bindparam("practitioner_id"), _location.c.active)
    .order_by(_location.c.name)
)


def clinics(
    session: Session, *, by: Actor, hospital: Hospital, now: datetime
) -> Sequence[Row[Any]]:
    """The clinics whose day `by` may see: id, ref and name."""
    seen = require(by, Deed.SEE_DAY_LIST)
    return session.execute(_clinics(seen), scope.parameters(by, hospital, now)).all()


def clinic(session: Session, *, by: Actor, ref: str, hospital: Hospital, now: datetime) -> Row[Any]:
    """One of them; raises `NotFound`."""
    seen = require(by, Deed.SEE_DAY_LIST)
    values = scope.parameters(by, hospital, now) | {"location_ref": ref}
    row = session.execute(_clinic(seen), values).one_or_none()
    if row is None:
        raise NotFound
    return row


def own_clinic(
    session: Session, *, by: Actor, hospital: Hospital, now: datetime
) -> Row[Any] | None:
    """Where a clinician works today, or their only clinic: ref, practitioner_ref; None if unclear."""
    begins, ends = hospital.day(hospital.today(now))
    values = {"practitioner_id": by.practitioner_id, "begins": begins, "ends": ends}
    rows = session.execute(_OWN, values).all()
    return next((row for row in rows if row.today), rows[0] if len(rows) == 1 else None)
