"""The rows from which `week.py` builds a practitioner's week."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import or_, select

from portal.access import Deed
from portal.context import Context
from portal.models import Location, Schedule, ScheduleException, Slot
from portal.models.base import table_of
from portal.models.rows import columns, rows
from portal.schedules import lookup
from portal.schedules.lookup import WhoseSession
from portal.schedules.slots.queries import Period
from portal.vocabulary import ExceptionKind, Mode, SlotStatus

_schedule = table_of(Schedule)
_exception = table_of(ScheduleException)
_slot = table_of(Slot)


class WeeklySession(NamedTuple):
    ref: str
    practitioner_id: int
    location_id: int
    location: str
    weekday: int
    starts: time
    ends: time
    slot_minutes: int
    mode: Mode
    valid_from: date
    valid_to: date | None


class OtherThanUsual(NamedTuple):
    """An exception; `slot_minutes` and `mode` are those of an extra clinic."""

    kind: ExceptionKind
    starts_at: datetime
    ends_at: datetime
    slot_minutes: int
    mode: Mode
    reason: str
    location: str | None


class MadeSlot(NamedTuple):
    starts_at: datetime
    status: SlotStatus


def schedule(context: Context, ref: str) -> tuple[Schedule, WhoseSession]:
    """One weekly session, with its practitioner and clinic."""
    context.require(Deed.MANAGE_SCHEDULES)
    found = lookup.schedule(context.session, ref)
    context.remember(Deed.MANAGE_SCHEDULES, of=Schedule.reference(ref), page="schedule")
    return found


def schedules(context: Context, practitioner_id: int) -> list[WeeklySession]:
    statement = (
        select(*columns(WeeklySession, _schedule, location=Location.name))
        .join(Location, Location.id == _schedule.c.location_id)
        .where(_schedule.c.practitioner_id == practitioner_id)
        .order_by(_schedule.c.weekday, _schedule.c.starts, _schedule.c.valid_from)
    )
    return rows(context.session, WeeklySession, statement)


def exceptions(
    context: Context, practitioner_id: int, clinic_ids: Iterable[int], period: Period
) -> list[OtherThanUsual]:
    """The practitioner's exceptions, and the closures of their clinics or of all."""
    row = _exception.c
    closes_theirs = or_(row.location_id.is_(None), row.location_id.in_(clinic_ids))
    statement = (
        select(*columns(OtherThanUsual, _exception, location=Location.name))
        .outerjoin(Location, Location.id == row.location_id)
        .where(
            row.starts_at < period.until,
            row.ends_at > period.start,
            or_(
                row.practitioner_id == practitioner_id,
                row.practitioner_id.is_(None) & closes_theirs,
            ),
        )
        .order_by(row.starts_at, row.id)
    )
    return rows(context.session, OtherThanUsual, statement)


def slots(context: Context, practitioner_id: int, period: Period) -> list[MadeSlot]:
    statement = select(*columns(MadeSlot, _slot)).where(
        _slot.c.practitioner_id == practitioner_id,
        _slot.c.starts_at >= period.start,
        _slot.c.starts_at < period.until,
    )
    return rows(context.session, MadeSlot, statement)
