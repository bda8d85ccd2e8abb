"""Adding, changing, closing and reopening a clinic."""

from dataclasses import dataclass
from datetime import time
from typing import Any, NamedTuple

from sqlalchemy import Insert, Update, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import words
from portal.access import Deed
from portal.context import Context
from portal.errors import Unfit
from portal.models import (
    Location,
    LocationHours,
    Practitioner,
    PractitionerRole,
    Schedule,
    Slot,
    new_ref,
)
from portal.models.base import table_of
from portal.models.rows import claim, columns, rows
from portal.schedules import fitting, lookup, wording
from portal.schedules.rules import Span
from portal.schedules.slots.actions import fill
from portal.schedules.slots.queries import lock
from portal.schedules.slots.taking_out import Effect, confirm, take_out
from portal.seen import Seen


@dataclass(frozen=True, slots=True)
class ClinicFacts:
    name: str
    phone: str
    address: str
    hours: tuple[Span, ...]
    """Several spans a day if the clinic closes in between. They do not overlap."""

    @property
    def values(self) -> dict[str, str]:
        return {"name": self.name, "phone": self.phone, "address": self.address}


def add_clinic(context: Context, facts: ClinicFacts) -> str:
    """Adds a clinic and returns its reference; raises `Unfit` when the name is taken."""
    context.require(Deed.MANAGE_CLINICS)
    ref = new_ref()
    _named(context.session, insert(Location).values(ref=ref, active=True, **facts.values))
    _set_hours(context.session, lookup.location(context.session, ref).id, facts.hours)
    _remember(context, ref, "add")
    return ref


def change_clinic(context: Context, *, clinic: Seen, facts: ClinicFacts) -> None:
    """Raises `ChangedMeanwhile`, or `Unfit` when the name is taken or when sessions would be outside
    the new hours.
    """
    context.require(Deed.MANAGE_CLINICS)
    session = context.session
    claim(session, Location, clinic)
    location_id = lookup.location(session, clinic.ref).id
    _require_room(context, location_id, facts.hours)
    _named(session, update(Location).where(Location.id == location_id).values(**facts.values))
    session.execute(delete(LocationHours).where(LocationHours.location_id == location_id))
    _set_hours(session, location_id, facts.hours)
    _remember(context, clinic.ref, "change")


def close_clinic(context: Context, *, clinic: Seen, confirmed: str | None) -> Effect:
    """Closes the clinic: takes out all its slots. Its schedules are kept until it reopens.

    Raises `ChangedMeanwhile`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    context.require(Deed.MANAGE_CLINICS)
    session = context.session
    lock(session)
    location_id = lookup.location(session, clinic.ref).id
    # Lock slots first, because a booking locks its slot before the clinic.
    effect = take_out(session, Slot.location_id == location_id, Slot.starts_at >= context.now)
    claim(session, Location, clinic)
    session.execute(update(Location).where(Location.id == location_id).values(active=False))
    confirm(context, effect, confirmed)
    _remember(context, clinic.ref, "close", **effect.counts)
    return effect


def reopen_clinic(context: Context, *, clinic: Seen) -> None:
    """Reopens the clinic: restores its slots and makes new ones from its schedules.

    Raises `ChangedMeanwhile`.
    """
    context.require(Deed.MANAGE_CLINICS)
    session = context.session
    lock(session)
    claim(session, Location, clinic)
    location_id = lookup.location(session, clinic.ref).id
    session.execute(update(Location).where(Location.id == location_id).values(active=True))
    role = PractitionerRole
    working = select(role.practitioner_id).where(role.location_id == location_id)
    fill(context, list(session.scalars(working)))
    _remember(context, clinic.ref, "reopen")


def _named(session: Session, statement: Insert | Update) -> None:
    try:
        with session.begin_nested():
            session.execute(statement)
    except IntegrityError:
        raise Unfit("name", "There is a clinic with this name already.") from None


def _set_hours(session: Session, location_id: int, hours: tuple[Span, ...]) -> None:
    spans = [
        {
            "location_id": location_id,
            "weekday": span.weekday,
            "opens": span.starts,
            "closes": span.ends,
        }
        for span in hours
    ]
    if spans:
        session.execute(insert(LocationHours), spans)


class _Weekly(NamedTuple):
    weekday: int
    starts: time
    ends: time
    prefix: str
    given: str
    family: str

    @property
    def span(self) -> Span:
        return Span(self.weekday, self.starts, self.ends)

    @property
    def name(self) -> str:
        return words.name_of(self.given, self.family, self.prefix)


def _weekly_in(context: Context, location_id: int) -> list[_Weekly]:
    """The clinic's current and future sessions with their practitioners."""
    schedule = table_of(Schedule).c
    hours = {name: schedule[name] for name in ("weekday", "starts", "ends")}
    statement = (
        select(*columns(_Weekly, table_of(Practitioner), **hours))
        .join(Schedule, Schedule.practitioner_id == Practitioner.id)
        .where(
            Schedule.location_id == location_id,
            or_(Schedule.valid_to.is_(None), Schedule.valid_to >= context.today),
        )
        .order_by(Schedule.weekday, Schedule.starts)
    )
    return rows(context.session, _Weekly, statement)


def _require_room(context: Context, location_id: int, hours: tuple[Span, ...]) -> None:
    """Checks that sessions within the current hours are also within the new ones."""
    weekly = _weekly_in(context, location_id)
    now_open = lookup.hours_of(context.session, location_id)
    spans = {one.span for one in weekly}
    lost = set(fitting.outside_hours(spans, hours)) - set(fitting.outside_hours(spans, now_open))
    if not lost:
        return
    locale = context.hospital.locale
    said = words.listed(
        (
            f"{one.name} on {wording.day_and_hours(one.span, locale)}"
            for one in weekly
            if one.span in lost
        ),
        locale,
    )
    first = min(lost, key=lambda span: (span.weekday, span.starts))
    raise Unfit(
        f"hours_{first.weekday}",
        f"Sessions would be outside these hours: {said}. Change or end them first.",
    )


def _remember(context: Context, ref: str, step: str, **counts: Any) -> None:
    context.remember(Deed.MANAGE_CLINICS, of=Location.reference(ref), step=step, **counts)
