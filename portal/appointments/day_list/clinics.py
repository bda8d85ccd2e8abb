"""The clinics whose day the actor may see, and the one in which they work today."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, select

from portal.access import Deed, Relation
from portal.context import Context
from portal.models import Location, Note, Practitioner, PractitionerRole, Slot
from portal.models.base import Instant, table_of
from portal.models.rows import columns, one_row, rows
from portal.reach import scope
from portal.vocabulary import CompositionStatus

_location = table_of(Location)
_note = table_of(Note)
_practitioner = table_of(Practitioner)
_role = table_of(PractitionerRole)
_slot = table_of(Slot)


class Clinic(NamedTuple):
    id: int
    ref: str
    name: str


class OpenedClinic(NamedTuple):
    """A clinic whose day is shown."""

    id: int
    ref: str
    name: str
    unsigned: int
    """How many unsigned notes the reader has in all clinics; from the same statement."""


class Workplace(NamedTuple):
    """A clinic of a clinician, and whether they have slots there today."""

    ref: str
    practitioner_ref: str
    today: bool


_UNSIGNED = (
    select(func.count())
    .where(
        _note.c.author_account_id == bindparam("actor_account_id"),
        _note.c.status == CompositionStatus.PRELIMINARY,
    )
    .scalar_subquery()
)


@cache
def _clinics(seen: frozenset[Relation]) -> Select[Any]:
    return (
        select(*columns(Clinic, _location))
        .where(_location.c.active, scope.locations(seen))
        .order_by(_location.c.name)
    )


@cache
def _clinic(seen: frozenset[Relation]) -> Select[Any]:
    return select(*columns(OpenedClinic, _location, unsigned=_UNSIGNED)).where(
        _location.c.ref == bindparam("location_ref"), scope.locations(seen)
    )


_HAS_TIMES_TODAY = exists().where(
    _slot.c.practitioner_id == _practitioner.c.id,
    _slot.c.location_id == _location.c.id,
    _slot.c.starts_at >= bindparam("begins", type_=Instant()),
    _slot.c.starts_at < bindparam("ends", type_=Instant()),
)
_OWN: Select[Any] = (
    select(
        *columns(Workplace, _location, practitioner_ref=_practitioner.c.ref, today=_HAS_TIMES_TODAY)
    )
    .join(_role, _role.c.location_id == _location.c.id)
    .join(_practitioner, _practitioner.c.id == _role.c.practitioner_id)
    .where(_practitioner.c.id == bindparam("practitioner_id"), _location.c.active)
    .order_by(_location.c.name)
)


def clinics(context: Context) -> list[Clinic]:
    """The clinics whose day the actor may see."""
    seen = context.require(Deed.SEE_DAY_LIST)
    return rows(context.session, Clinic, _clinics(seen), context.reach())


def clinic(context: Context, ref: str) -> OpenedClinic:
    """One of them; raises `NotFound`."""
    seen = context.require(Deed.SEE_DAY_LIST)
    return one_row(context.session, OpenedClinic, _clinic(seen), context.reach(location_ref=ref))


def own_clinic(context: Context) -> Workplace | None:
    """The clinic where the clinician works today, or their only clinic; None if that is not clear."""
    begins, ends = context.hospital.day(context.today)
    values = {"practitioner_id": context.by.practitioner_id, "begins": begins, "ends": ends}
    found = rows(context.session, Workplace, _OWN, values)
    return next((row for row in found if row.today), found[0] if len(found) == 1 else None)
