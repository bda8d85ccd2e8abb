"""The clinics as an administrator sees them. Each read leaves an audit entry."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.access import Deed
from portal.context import Context
from portal.models import Location, LocationHours, Practitioner, PractitionerRole
from portal.schedules import lookup, wording
from portal.schedules.lookup import FoundClinic
from portal.schedules.rules import Span


@dataclass(frozen=True, slots=True)
class ClinicRow:
    ref: str
    name: str
    phone: str
    active: bool
    practitioners: int
    hours: list[tuple[str, str]]
    """In words: days and opening hours."""


_HOURS = select(
    LocationHours.location_id, LocationHours.weekday, LocationHours.opens, LocationHours.closes
).order_by(LocationHours.weekday, LocationHours.opens)
_WORKING = (
    select(func.count())
    .where(
        PractitionerRole.location_id == Location.id,
        PractitionerRole.practitioner_id == Practitioner.id,
        Practitioner.active,
    )
    .label("working")
)
_CLINICS = select(
    Location.id, Location.ref, Location.name, Location.phone, Location.active, _WORKING
).order_by(Location.active.desc(), Location.name)


def clinics(context: Context) -> list[ClinicRow]:
    """Every clinic, those in use first."""
    context.require(Deed.MANAGE_CLINICS)
    context.remember(Deed.MANAGE_CLINICS, page="clinics")
    hours: dict[int, list[Span]] = defaultdict(list)
    for location_id, weekday, opens, closes in context.session.execute(_HOURS):
        hours[location_id].append(Span(weekday, opens, closes))
    locale = context.hospital.locale
    return [
        ClinicRow(
            row.ref,
            row.name,
            row.phone,
            row.active,
            row.working,
            wording.week_of(hours[row.id], locale),
        )
        for row in context.session.execute(_CLINICS)
    ]


def clinic(context: Context, ref: str) -> FoundClinic:
    context.require(Deed.MANAGE_CLINICS)
    found = lookup.location(context.session, ref)
    context.remember(Deed.MANAGE_CLINICS, of=Location.reference(found.ref), page="clinic")
    return found
