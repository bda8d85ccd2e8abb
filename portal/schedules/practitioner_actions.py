"""Adding and changing practitioners and the clinics that they work in (FHIR PractitionerRole)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import Unfit
from portal.hospital import Hospital
from portal.models import (
    Location,
    Practitioner,
    PractitionerRole,
    Schedule,
    ScheduleException,
    Slot,
    new_ref,
)
from portal.schedules import lookup, slots, wording
from portal.schedules.rebooking import Effect, require_confirmed, take_out
from portal.schedules.timetable import horizon, lock


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


def add_practitioner(
    session: Session, *, by: Actor, facts: PractitionerFacts, now: datetime
) -> str:
    """Adds a practitioner and returns their reference."""
    require(by, Deed.MANAGE_CLINICS)
    ref = new_ref()
    session.execute(insert(Practitioner).values(ref=ref, active=True, **facts.values))
    whose = lookup.practitioner(session, ref)
    _add_roles(session, whose.id, _locations(session, facts.location_refs))
    _remember(session, by, ref, now, step="add")
    return ref


def change_practitioner(
    session: Session,
    *,
    by: Actor,
    practitioner_ref: str,
    facts: PractitionerFacts,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Raises `Unfit` when a clinic is taken away in which they have sessions."""
    require(by, Deed.MANAGE_CLINICS)
    whose = lookup.practitioner(session, practitioner_ref)
    lock(session, whose.id)
    wanted = _locations(session, facts.location_refs)
    there = set(
        session.scalars(
            select(PractitionerRole.location_id).where(PractitionerRole.practitioner_id == whose.id)
        )
    )
    _require_no_sessions(session, whose.id, there - wanted, hospital, now)
    session.execute(update(Practitioner).where(Practitioner.id == whose.id).values(**facts.values))
    session.execute(
        delete(PractitionerRole).where(
            PractitionerRole.practitioner_id == whose.id,
            PractitionerRole.location_id.in_(there - wanted),
        )
    )
    _add_roles(session, whose.id, wanted - there)
    _remember(session, by, practitioner_ref, now, step="change")


def deactivate_practitioner(
    session: Session, *, by: Actor, practitioner_ref: str, confirmed: str | None, now: datetime
) -> Effect:
    """Takes all their times out; their sessions are kept for a return.

    Raises `Unconfirmed` with the booked times that must be rebooked.
    """
    require(by, Deed.MANAGE_CLINICS)
    whose = lookup.practitioner(session, practitioner_ref)
    lock(session, whose.id)
    # Slots first: a booking has its slot before it touches the practitioner.
    effect = take_out(session, Slot.practitioner_id == whose.id, Slot.starts_at >= now)
    _set_active(session, whose.id, active=False)
    require_confirmed(effect, confirmed)
    _remember(session, by, practitioner_ref, now, step="deactivate", **effect.counts)
    return effect


def reactivate_practitioner(
    session: Session, *, by: Actor, practitioner_ref: str, hospital: Hospital, now: datetime
) -> None:
    """Gives their times back and makes new ones, as their sessions say."""
    require(by, Deed.MANAGE_CLINICS)
    whose = lookup.practitioner(session, practitioner_ref)
    lock(session, whose.id)
    _set_active(session, whose.id, active=True)
    slots.fill(session, [whose.id], hospital=hospital, start=now, until=horizon(hospital, now))
    _remember(session, by, practitioner_ref, now, step="reactivate")


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


def _require_no_sessions(
    session: Session,
    practitioner_id: int,
    location_ids: set[int],
    hospital: Hospital,
    now: datetime,
) -> None:
    weekly = (
        select(Location.name)
        .join(Schedule, Schedule.location_id == Location.id)
        .where(
            Schedule.practitioner_id == practitioner_id,
            Location.id.in_(location_ids),
            or_(Schedule.valid_to.is_(None), Schedule.valid_to >= hospital.today(now)),
        )
    )
    extra = (
        select(Location.name)
        .join(ScheduleException, ScheduleException.location_id == Location.id)
        .where(
            ScheduleException.practitioner_id == practitioner_id,
            Location.id.in_(location_ids),
            ScheduleException.ends_at > now,
        )
    )
    names = sorted(session.scalars(weekly.union(extra)))
    if names:
        where = wording.listed(names)
        raise Unfit("locations", f"They have sessions in {where}. End these sessions first.")


def _set_active(session: Session, practitioner_id: int, *, active: bool) -> None:
    session.execute(
        update(Practitioner).where(Practitioner.id == practitioner_id).values(active=active)
    )


def _remember(session: Session, by: Actor, ref: str, now: datetime, **detail: Any) -> None:
    of = Practitioner.reference(ref)
    audit.remember(session, by=by, deed=Deed.MANAGE_CLINICS, now=now, of=of, **detail)
