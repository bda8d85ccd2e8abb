"""The rows of which `weeks.py` builds a practitioner's week."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.models import Location, Schedule, ScheduleException, Slot


def schedules(session: Session, practitioner_id: int) -> Sequence[Any]:
    return session.execute(
        select(
            Schedule.ref,
            Schedule.location_id,
            Location.name.label("location"),
            Schedule.weekday,
            Schedule.starts,
            Schedule.ends,
            Schedule.slot_minutes,
            Schedule.mode,
            Schedule.valid_from,
            Schedule.valid_to,
        )
        .join(Schedule.location)
        .where(Schedule.practitioner_id == practitioner_id)
        .order_by(Schedule.weekday, Schedule.starts, Schedule.valid_from)
    ).all()


def exceptions(
    session: Session, practitioner_id: int, clinic_ids: set[int], start: datetime, until: datetime
) -> Sequence[Any]:
    """Those of the practitioner, and the closures of their clinics or of all."""
    closes_theirs = or_(
        ScheduleException.location_id.is_(None), ScheduleException.location_id.in_(clinic_ids)
    )
    return session.execute(
        select(
            ScheduleException.kind,
            ScheduleException.starts_at,
            ScheduleException.ends_at,
            ScheduleException.slot_minutes,
            ScheduleException.mode,
            ScheduleException.reason,
            Location.name.label("location"),
        )
        .outerjoin(ScheduleException.location)
        .where(
            ScheduleException.starts_at < until,
            ScheduleException.ends_at > start,
            or_(
                ScheduleException.practitioner_id == practitioner_id,
                ScheduleException.practitioner_id.is_(None) & closes_theirs,
            ),
        )
        .order_by(ScheduleException.starts_at, ScheduleException.id)
    ).all()


def slots(
    session: Session, practitioner_id: int, start: datetime, until: datetime
) -> Sequence[Any]:
    """Start and status of the slots that begin from `start` to before `until`."""
    return session.execute(
        select(Slot.starts_at, Slot.status).where(
            Slot.practitioner_id == practitioner_id,
            Slot.starts_at >= start,
            Slot.starts_at < until,
        )
    ).all()
