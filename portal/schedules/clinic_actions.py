"""Adding, changing, closing and reopening a clinic."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Update, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import Unfit
from portal.hospital import Hospital
from portal.models import (
    Location,
    LocationHours,
    Practitioner,
    PractitionerRole,
    Schedule,
    Slot,
    new_ref,
)
from portal.schedules import fitting, lookup, slots, wording
from portal.schedules.rebooking import Effect, require_confirmed, take_out
from portal.schedules.rules import Span
from portal.schedules.timetable import horizon, lock, practitioner_name


@dataclass(frozen=True, slots=True)
class ClinicFacts:
    name: str
    phone: str
    address: str
    hours: tuple[Span, ...]
    """Several a day, if the clinic closes in between; they do not overlap."""


def add_clinic(session: Session, *, by: Actor, facts: ClinicFacts, now: datetime) -> str:
    """Adds a clinic and returns its reference; raises `Unfit` when the name is taken."""
    require(by, Deed.MANAGE_CLINICS)
    ref = new_ref()
    values = {"name": facts.name, "phone": facts.phone, "address": facts.address}
    _named(session, insert(Location).values(ref=ref, active=True, **values))
    _set_hours(session, lookup.location(session, ref).id, facts.hours)
    _remember(session, by, ref, now, step="add")
    return ref


def change_clinic(
    session: Session,
    *,
    by: Actor,
    location_ref: str,
    facts: ClinicFacts,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Raises `Unfit` when the name is taken, or when sessions would lie outside the new hours."""
    require(by, Deed.MANAGE_CLINICS)
    clinic = lookup.location(session, location_ref, held="alone")
    _require_room(session, clinic.id, facts.hours, hospital, now)
    values = {"name": facts.name, "phone": facts.phone, "address": facts.address}
    _named(session, update(Location).where(Location.id == clinic.id).values(**values))
    session.execute(delete(LocationHours).where(LocationHours.location_id == clinic.id))
    _set_hours(session, clinic.id, facts.hours)
    _remember(session, by, location_ref, now, step="change")


def close_clinic(
    session: Session, *, by: Actor, location_ref: str, confirmed: str | None, now: datetime
) -> Effect:
    """Takes the clinic out of use and its times with it; its schedules are kept for a reopening.

    Raises `Unconfirmed` with the booked times that must be rebooked.
    """
    require(by, Deed.MANAGE_CLINICS)
    lock(session)
    clinic = lookup.location(session, location_ref)
    # Slots first: a booking has its slot before it touches the clinic.
    effect = take_out(session, Slot.location_id == clinic.id, Slot.starts_at >= now)
    session.execute(update(Location).where(Location.id == clinic.id).values(active=False))
    require_confirmed(effect, confirmed)
    _remember(session, by, location_ref, now, step="close", **effect.counts)
    return effect


def reopen_clinic(
    session: Session, *, by: Actor, location_ref: str, hospital: Hospital, now: datetime
) -> None:
    """Takes the clinic into use again, and gives back and makes its times."""
    require(by, Deed.MANAGE_CLINICS)
    lock(session)
    clinic = lookup.location(session, location_ref)
    session.execute(update(Location).where(Location.id == clinic.id).values(active=True))
    whose = list(
        session.scalars(
            select(PractitionerRole.practitioner_id).where(
                PractitionerRole.location_id == clinic.id
            )
        )
    )
    slots.fill(session, whose, hospital=hospital, start=now, until=horizon(hospital, now))
    _remember(session, by, location_ref, now, step="reopen")


def _named(session: Session, statement: Insert | Update) -> None:
    try:
        with session.begin_nested():
            session.execute(statement)
    except IntegrityError:
        raise Unfit("name", "There is a clinic with this name already.") from None


def _set_hours(session: Session, location_id: int, hours: tuple[Span, ...]) -> None:
    if hours:
        session.execute(
            insert(LocationHours),
            [
                {
                    "location_id": location_id,
                    "weekday": span.weekday,
                    "opens": span.starts,
                    "closes": span.ends,
                }
                for span in hours
            ],
        )


def _require_room(
    session: Session,
    location_id: int,
    hours: tuple[Span, ...],
    hospital: Hospital,
    now: datetime,
) -> None:
    """Sessions that lie in the hours now must lie in the new ones."""
    rows = session.execute(
        select(
            Schedule.weekday,
            Schedule.starts,
            Schedule.ends,
            Practitioner.prefix,
            Practitioner.given,
            Practitioner.family,
        )
        .join(Schedule.practitioner)
        .where(
            Schedule.location_id == location_id,
            or_(Schedule.valid_to.is_(None), Schedule.valid_to >= hospital.today(now)),
        )
        .order_by(Schedule.weekday, Schedule.starts)
    ).all()
    now_open = lookup.hours_of(session, location_id)
    spans = {Span(row.weekday, row.starts, row.ends) for row in rows}
    lost = set(fitting.outside_hours(spans, hours)) - set(fitting.outside_hours(spans, now_open))
    if lost:
        first = min(lost, key=lambda span: (span.weekday, span.starts))
        sessions = wording.listed(
            f"{practitioner_name(row)} on "
            f"{wording.day_and_hours(Span(row.weekday, row.starts, row.ends))}"
            for row in rows
            if Span(row.weekday, row.starts, row.ends) in lost
        )
        raise Unfit(
            f"hours_{first.weekday}",
            f"Sessions would lie outside these hours: {sessions}. Change or end them first.",
        )


def _remember(session: Session, by: Actor, ref: str, now: datetime, **detail: Any) -> None:
    of = Location.reference(ref)
    audit.remember(session, by=by, deed=Deed.MANAGE_CLINICS, now=now, of=of, **detail)
