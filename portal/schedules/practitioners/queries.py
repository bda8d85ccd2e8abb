"""The practitioners as an administrator sees them. Each read leaves an audit entry."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from portal.access import Deed
from portal.context import Context
from portal.models import Location, Practitioner, PractitionerRole, Schedule
from portal.models.base import table_of
from portal.models.rows import columns
from portal.schedules import lookup
from portal.schedules.lookup import FoundPractitioner


@dataclass(frozen=True, slots=True)
class PractitionerRow:
    found: FoundPractitioner
    clinics: list[str]
    sessions: int
    """Weekly sessions that take place today or later."""


_PLACES = (
    select(PractitionerRole.practitioner_id, Location.name)
    .join(Location, Location.id == PractitionerRole.location_id)
    .order_by(Location.name)
)
_PRACTITIONERS = select(*columns(FoundPractitioner, table_of(Practitioner))).order_by(
    Practitioner.active.desc(), Practitioner.family, Practitioner.given
)


def practitioners(context: Context, deed: Deed = Deed.MANAGE_CLINICS) -> list[PractitionerRow]:
    """All practitioners with their clinics, active ones first."""
    context.require(deed)
    context.remember(deed, page="practitioners")
    session = context.session
    places: dict[int, list[str]] = defaultdict(list)
    for practitioner_id, name in session.execute(_PLACES):
        places[practitioner_id].append(name)
    counted = (
        select(Schedule.practitioner_id, func.count().label("number"))
        .where(or_(Schedule.valid_to.is_(None), Schedule.valid_to >= context.today))
        .group_by(Schedule.practitioner_id)
    )
    sessions = {row.practitioner_id: row.number for row in session.execute(counted)}
    found = [FoundPractitioner._make(row) for row in session.execute(_PRACTITIONERS)]
    return [PractitionerRow(one, places[one.id], sessions.get(one.id, 0)) for one in found]


def practitioner(context: Context, ref: str, deed: Deed = Deed.MANAGE_CLINICS) -> FoundPractitioner:
    context.require(deed)
    found = lookup.practitioner(context.session, ref)
    context.remember(deed, of=Practitioner.reference(found.ref), page="practitioner")
    return found
