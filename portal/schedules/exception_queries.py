"""Leave, closures and extra clinics, as the pages list them. Each read is remembered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, Deed
from portal.hospital import Hospital
from portal.models import ExceptionKind, Location, Mode, Practitioner, ScheduleException
from portal.schedules import lookup, wording
from portal.schedules.queries import remember_page
from portal.schedules.timetable import practitioner_name


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    ref: str
    kind: ExceptionKind
    when: str
    begun: bool
    practitioner: str
    location: str
    """Empty for leave, and for a closure of all clinics."""
    slot_minutes: int | None
    mode: Mode | None
    reason: str


def exceptions(
    session: Session, *, by: Actor, hospital: Hospital, now: datetime
) -> list[ExceptionRow]:
    """Leave, closures and extra clinics that are not over, in order of time."""
    remember_page(session, by, Deed.MANAGE_SCHEDULES, now, "exceptions")
    found = session.execute(
        select(
            ScheduleException.ref,
            ScheduleException.kind,
            ScheduleException.starts_at,
            ScheduleException.ends_at,
            ScheduleException.slot_minutes,
            ScheduleException.mode,
            ScheduleException.reason,
            Practitioner.prefix,
            Practitioner.given,
            Practitioner.family,
            Location.name.label("location"),
        )
        .outerjoin(ScheduleException.practitioner)
        .outerjoin(ScheduleException.location)
        .where(ScheduleException.ends_at > now)
        .order_by(ScheduleException.starts_at, ScheduleException.id)
    )
    return [_row(row, row, hospital, now) for row in found]


def exception(
    session: Session, *, by: Actor, ref: str, hospital: Hospital, now: datetime
) -> ExceptionRow:
    """One day off or extra clinic."""
    found, row = lookup.exception(session, ref)
    of = ScheduleException.reference(found.ref)
    remember_page(session, by, Deed.MANAGE_SCHEDULES, now, "exception", of)
    return _row(found, row, hospital, now)


def _row(exception: Any, names: Any, hospital: Hospital, now: datetime) -> ExceptionRow:
    return ExceptionRow(
        exception.ref,
        exception.kind,
        wording.span_of(exception.starts_at, exception.ends_at, hospital),
        exception.starts_at < now,
        practitioner_name(names),
        names.location or "",
        exception.slot_minutes,
        exception.mode,
        exception.reason,
    )
