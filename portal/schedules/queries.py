"""What the pages of this feature list. Each read is remembered."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.hospital import Hospital
from portal.models import (
    Location,
    LocationHours,
    Practitioner,
    PractitionerRole,
    Schedule,
)
from portal.schedules import lookup, wording
from portal.schedules.rules import Span
from portal.schedules.timetable import practitioner_name


@dataclass(frozen=True, slots=True)
class ClinicRow:
    ref: str
    name: str
    phone: str
    active: bool
    practitioners: int
    hours: list[tuple[str, str]]
    """In words: days, and when it is open on them."""


@dataclass(frozen=True, slots=True)
class PractitionerRow:
    ref: str
    name: str
    specialty: str
    active: bool
    clinics: list[str]
    sessions: int
    """Weekly sessions that hold today or later."""


def clinics(session: Session, *, by: Actor, now: datetime) -> list[ClinicRow]:
    """Every clinic, those in use first."""
    remember_page(session, by, Deed.MANAGE_CLINICS, now, "clinics")
    hours: dict[int, list[Span]] = defaultdict(list)
    for row in session.execute(
        select(
            LocationHours.location_id,
            LocationHours.weekday,
            LocationHours.opens,
            LocationHours.closes,
        ).order_by(LocationHours.weekday, LocationHours.opens)
    ):
        hours[row.location_id].append(Span(row.weekday, row.opens, row.closes))
    working = (
        select(func.count())
        .where(
            PractitionerRole.location_id == Location.id,
            PractitionerRole.practitioner_id == Practitioner.id,
            Practitioner.active,
        )
        .label("working")
    )
    found = session.execute(
        select(
            Location.id, Location.ref, Location.name, Location.phone, Location.active, working
        ).order_by(Location.active.desc(), Location.name)
    )
    return [
        ClinicRow(
            row.ref, row.name, row.phone, row.active, row.working, wording.week_of(hours[row.id])
        )
        for row in found
    ]


def practitioners(
    session: Session, *, by: Actor, deed: Deed, hospital: Hospital, now: datetime
) -> list[PractitionerRow]:
    """Every practitioner with their clinics, those at work first."""
    remember_page(session, by, deed, now, "practitioners")
    places: dict[int, list[str]] = defaultdict(list)
    for practitioner_id, name in session.execute(
        select(PractitionerRole.practitioner_id, Location.name)
        .join(Location, Location.id == PractitionerRole.location_id)
        .order_by(Location.name)
    ):
        places[practitioner_id].append(name)
    today = hospital.today(now)
    sessions = (
        select(Schedule.practitioner_id, func.count().label("sessions"))
        .where(or_(Schedule.valid_to.is_(None), Schedule.valid_to >= today))
        .group_by(Schedule.practitioner_id)
        .subquery()
    )
    found = session.execute(
        select(
            Practitioner.id,
            Practitioner.ref,
            Practitioner.prefix,
            Practitioner.given,
            Practitioner.family,
            Practitioner.specialty,
            Practitioner.active,
            func.coalesce(sessions.c.sessions, 0).label("sessions"),
        )
        .outerjoin(sessions, sessions.c.practitioner_id == Practitioner.id)
        .order_by(Practitioner.active.desc(), Practitioner.family, Practitioner.given)
    )
    return [
        PractitionerRow(
            row.ref,
            practitioner_name(row),
            row.specialty,
            row.active,
            places[row.id],
            row.sessions,
        )
        for row in found
    ]


def clinic(session: Session, *, by: Actor, ref: str, now: datetime) -> Row[Any]:
    """One clinic, as `lookup.location`."""
    row = lookup.location(session, ref)
    remember_page(session, by, Deed.MANAGE_CLINICS, now, "clinic", Location.reference(row.ref))
    return row


def practitioner(
    session: Session, *, by: Actor, ref: str, now: datetime, deed: Deed = Deed.MANAGE_CLINICS
) -> Row[Any]:
    """One practitioner, as `lookup.practitioner`."""
    row = lookup.practitioner(session, ref)
    remember_page(session, by, deed, now, "practitioner", Practitioner.reference(row.ref))
    return row


def schedule(session: Session, *, by: Actor, ref: str, now: datetime) -> tuple[Schedule, Row[Any]]:
    """One weekly session, as `lookup.schedule`."""
    found, row = lookup.schedule(session, ref)
    remember_page(
        session, by, Deed.MANAGE_SCHEDULES, now, "schedule", Schedule.reference(found.ref)
    )
    return found, row


def clinic_choices(session: Session, practitioner_id: int | None = None) -> dict[str, str]:
    """Names by reference of the clinics in use: all, or those that somebody works in."""
    statement = select(Location.ref, Location.name).where(Location.active).order_by(Location.name)
    if practitioner_id is not None:
        statement = statement.join(
            PractitionerRole, PractitionerRole.location_id == Location.id
        ).where(PractitionerRole.practitioner_id == practitioner_id)
    return {row.ref: row.name for row in session.execute(statement)}


def practitioner_choices(session: Session) -> dict[str, str]:
    """Names by reference of those at work."""
    found = session.execute(
        select(Practitioner.ref, Practitioner.prefix, Practitioner.given, Practitioner.family)
        .where(Practitioner.active)
        .order_by(Practitioner.family, Practitioner.given)
    )
    return {row.ref: practitioner_name(row) for row in found}


def remember_page(
    session: Session, by: Actor, deed: Deed, now: datetime, page: str, of: str | None = None
) -> None:
    """Lets only those in who may do the deed, and remembers what they opened."""
    require(by, deed)
    audit.remember(session, by=by, deed=deed, now=now, of=of, page=page)
