"""Adding and changing practitioners and the clinics that they work in (FHIR PractitionerRole)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from portal import words
from portal.access import Deed
from portal.context import Context
from portal.errors import Unfit
from portal.models import (
    Location,
    Practitioner,
    PractitionerRole,
    Schedule,
    ScheduleException,
    Slot,
    new_ref,
)
from portal.models.rows import claim
from portal.schedules import lookup
from portal.schedules.slots.actions import fill
from portal.schedules.slots.queries import lock
from portal.schedules.slots.taking_out import Effect, confirm, take_out
from portal.seen import Seen


@dataclass(frozen=True, slots=True)
class PractitionerFacts:
    prefix: str
    given: str
    family: str
    specialty: str
    location_refs: frozenset[str]

    @property
    def values(self) -> dict[str, str]:
        return {
            "prefix": self.prefix,
            "given": self.given,
            "family": self.family,
            "specialty": self.specialty,
        }


def add_practitioner(context: Context, facts: PractitionerFacts) -> str:
    """Adds a practitioner and returns their reference."""
    context.require(Deed.MANAGE_CLINICS)
    session, ref = context.session, new_ref()
    session.execute(insert(Practitioner).values(ref=ref, active=True, **facts.values))
    whose = lookup.practitioner(session, ref)
    _add_roles(session, whose.id, _locations(session, facts.location_refs))
    _remember(context, ref, "add")
    return ref


def add_clinics(context: Context, *, practitioner_ref: str, location_refs: Collection[str]) -> None:
    """Lets the practitioner work in these clinics too."""
    context.require(Deed.MANAGE_CLINICS)
    session = context.session
    whose = lookup.practitioner(session, practitioner_ref)
    lock(session, whose.id)
    wanted = _locations(session, location_refs) - _places(session, whose.id)
    if wanted:
        theirs = update(Practitioner).where(Practitioner.id == whose.id)
        session.execute(theirs.values(version=Practitioner.version + 1))
        _add_roles(session, whose.id, wanted)
        _remember(context, practitioner_ref, "add clinics", clinics=len(wanted))


def change_practitioner(context: Context, *, whose: Seen, facts: PractitionerFacts) -> None:
    """Raises `ChangedMeanwhile`, or `Unfit` when they have sessions in a clinic that is removed."""
    context.require(Deed.MANAGE_CLINICS)
    session = context.session
    found = lookup.practitioner(session, whose.ref)
    lock(session, found.id)
    claim(session, Practitioner, whose)
    wanted = _locations(session, facts.location_refs)
    there = _places(session, found.id)
    _require_no_sessions(context, found.id, there - wanted)
    session.execute(update(Practitioner).where(Practitioner.id == found.id).values(**facts.values))
    session.execute(
        delete(PractitionerRole).where(
            PractitionerRole.practitioner_id == found.id,
            PractitionerRole.location_id.in_(there - wanted),
        )
    )
    _add_roles(session, found.id, wanted - there)
    _remember(context, whose.ref, "change")


def deactivate_practitioner(context: Context, *, whose: Seen, confirmed: str | None) -> Effect:
    """Takes out all slots of the practitioner. Their sessions are kept in case they return.

    Raises `ChangedMeanwhile`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    context.require(Deed.MANAGE_CLINICS)
    session = context.session
    found = lookup.practitioner(session, whose.ref)
    lock(session, found.id)
    # Lock slots first, because a booking locks its slot before the practitioner.
    effect = take_out(session, Slot.practitioner_id == found.id, Slot.starts_at >= context.now)
    claim(session, Practitioner, whose)
    _set_active(session, found.id, active=False)
    confirm(context, effect, confirmed)
    _remember(context, whose.ref, "deactivate", **effect.counts)
    return effect


def reactivate_practitioner(context: Context, *, whose: Seen) -> None:
    """Restores the practitioner's slots and makes new ones from their sessions. Raises `ChangedMeanwhile`."""
    context.require(Deed.MANAGE_CLINICS)
    found = lookup.practitioner(context.session, whose.ref)
    lock(context.session, found.id)
    claim(context.session, Practitioner, whose)
    _set_active(context.session, found.id, active=True)
    fill(context, [found.id])
    _remember(context, whose.ref, "reactivate")


def _places(session: Session, practitioner_id: int) -> set[int]:
    role = PractitionerRole
    return set(
        session.scalars(select(role.location_id).where(role.practitioner_id == practitioner_id))
    )


def _locations(session: Session, refs: Collection[str]) -> set[int]:
    found = set(session.scalars(select(Location.id).where(Location.ref.in_(refs))))
    if not found or len(found) != len(set(refs)):
        raise Unfit("locations", "Choose at least one clinic from the list.")
    return found


def _add_roles(session: Session, practitioner_id: int, location_ids: set[int]) -> None:
    session.add_all(
        PractitionerRole(practitioner_id=practitioner_id, location_id=location_id)
        for location_id in sorted(location_ids)
    )
    session.flush()


def _require_no_sessions(context: Context, practitioner_id: int, location_ids: set[int]) -> None:
    weekly = (
        select(Location.name)
        .join(Schedule, Schedule.location_id == Location.id)
        .where(
            Schedule.practitioner_id == practitioner_id,
            Location.id.in_(location_ids),
            or_(Schedule.valid_to.is_(None), Schedule.valid_to >= context.today),
        )
    )
    extra = (
        select(Location.name)
        .join(ScheduleException, ScheduleException.location_id == Location.id)
        .where(
            ScheduleException.practitioner_id == practitioner_id,
            Location.id.in_(location_ids),
            ScheduleException.ends_at > context.now,
        )
    )
    names = sorted(context.session.scalars(weekly.union(extra)))
    if names:
        where = words.listed(names, context.hospital.locale)
        raise Unfit("locations", f"They have sessions in {where}. End these sessions first.")


def _set_active(session: Session, practitioner_id: int, *, active: bool) -> None:
    session.execute(
        update(Practitioner).where(Practitioner.id == practitioner_id).values(active=active)
    )


def _remember(context: Context, ref: str, step: str, **counts: Any) -> None:
    context.remember(Deed.MANAGE_CLINICS, of=Practitioner.reference(ref), step=step, **counts)
