"""Clinics, practitioners, their weekly schedules and slots."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import (
    Account,
    Location,
    LocationHours,
    Practitioner,
    PractitionerRole,
    Schedule,
    Slot,
)
from portal.vocabulary import Mode
from tests.builders.people import an_account
from tests.builders.rows import NOW, added, serial

_slots_of: dict[int, Iterator[int]] = defaultdict(count)


def a_location(session: Session, **facts: Any) -> Location:
    """A clinic, open from 8 to 18 on weekdays."""
    hours = [LocationHours(weekday=day, opens=time(8), closes=time(18)) for day in range(5)]
    defaults = {"name": f"Clinic {next(serial)}", "phone": "01632 960 200", "hours": hours}
    return added(session, Location(**{**defaults, **facts}))


def a_practitioner(
    session: Session, locations: Iterable[Location] = (), **facts: Any
) -> Practitioner:
    defaults = {"prefix": "Dr", "given": "Grace", "family": f"Lindqvist{next(serial)}"}
    practitioner = added(session, Practitioner(**{**defaults, **facts}))
    for location in locations:
        added(session, PractitionerRole(practitioner_id=practitioner.id, location_id=location.id))
    return practitioner


def a_clinician(
    session: Session, role: Role, locations: Iterable[Location] = ()
) -> tuple[Account, Practitioner]:
    """A doctor or nurse with an account."""
    practitioner = a_practitioner(session, locations)
    account = an_account(session, role, name=practitioner.name, practitioner_id=practitioner.id)
    return account, practitioner


def a_schedule(
    session: Session, practitioner: Practitioner, location: Location, **facts: Any
) -> Schedule:
    """Tuesdays from 9 to 12, twenty minutes each."""
    defaults = {
        "weekday": 1,
        "starts": time(9),
        "ends": time(12),
        "slot_minutes": 20,
        "mode": Mode.IN_PERSON,
        "valid_from": date(2026, 1, 1),
    }
    row = Schedule(
        practitioner_id=practitioner.id, location_id=location.id, **{**defaults, **facts}
    )
    return added(session, row)


def a_slot(session: Session, practitioner: Practitioner, location: Location, **facts: Any) -> Slot:
    """A free slot of twenty minutes: by default the practitioner's next one from a day after `NOW`."""
    minutes = 20 * next(_slots_of[practitioner.id])
    starts_at = facts.pop("starts_at", NOW + timedelta(days=1, minutes=minutes))
    defaults = {"ends_at": starts_at + timedelta(minutes=20), "mode": Mode.IN_PERSON}
    row = Slot(
        practitioner_id=practitioner.id,
        location_id=location.id,
        starts_at=starts_at,
        **{**defaults, **facts},
    )
    return added(session, row)
