"""The plan that slots are made from: the schedules and their exceptions.

Call `lock` before changing them, so that nobody makes slots from a schedule that has just ended.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.context import Context
from portal.models import (
    Location,
    Practitioner,
    PractitionerRole,
    Schedule,
    ScheduleException,
    Slot,
)
from portal.models.base import Instant, table_of
from portal.models.rows import columns, rows
from portal.schedules import rules
from portal.schedules.rules import Absence, Plan, PlannedSlot, Weekly
from portal.vocabulary import ExceptionKind, Mode

SHAPE = Slot.practitioner_id, Slot.location_id, Slot.starts_at, Slot.ends_at, Slot.mode
"""The columns of a PlannedSlot."""

_OTHER = aliased(PractitionerRole)
_FIRST_ROLES = (
    select(PractitionerRole.practitioner_id)
    .where(
        ~exists().where(
            _OTHER.practitioner_id == PractitionerRole.practitioner_id,
            _OTHER.location_id < PractitionerRole.location_id,
        )
    )
    .order_by(PractitionerRole.practitioner_id)
)
"""One row per practitioner without foreign keys to it, so that its lock does not block bookings."""

_WEEKLY = (
    select(*(table_of(Schedule).c[name] for name in Weekly.__slots__))
    .join(Schedule.practitioner)
    .join(Schedule.location)
    .where(Practitioner.active, Location.active)
    .order_by(Schedule.id)
)


class _Exception(NamedTuple):
    kind: ExceptionKind
    practitioner_id: int | None
    location_id: int | None
    starts_at: datetime
    ends_at: datetime
    slot_minutes: int | None
    mode: Mode | None


_EXCEPTIONS = (
    select(*columns(_Exception, table_of(ScheduleException)))
    .outerjoin(ScheduleException.location)
    .outerjoin(ScheduleException.practitioner)
    .where(
        or_(Location.id.is_(None), Location.active),
        or_(Practitioner.id.is_(None), Practitioner.active),
    )
    .order_by(ScheduleException.id)
)

_SLOTS_AHEAD = (
    select(Slot.id, *SHAPE)
    .where(
        Slot.practitioner_id == bindparam("slot_practitioner_id"),
        Slot.starts_at >= bindparam("slots_from", type_=Instant()),
    )
    .order_by(Slot.starts_at)
)


@dataclass(frozen=True, slots=True)
class Period:
    """Slots that begin at or after `start` and before `until`."""

    start: datetime
    until: datetime


def lock(
    session: Session, practitioner_id: int | None = None, *, skip_locked: bool = False
) -> list[int]:
    """Locks the timetable of one or all practitioners until the transaction ends; returns their ids.

    Always in the same order, to avoid deadlocks. On SQLite a transaction locks the whole database.
    """
    statement = _FIRST_ROLES.with_for_update(skip_locked=skip_locked)
    if practitioner_id is not None:
        statement = statement.where(PractitionerRole.practitioner_id == practitioner_id)
    return list(session.scalars(statement))


def with_timetable(session: Session) -> list[int]:
    """Ids of the practitioners who work in a clinic, who may have slots."""
    return list(session.scalars(_FIRST_ROLES))


def horizon(context: Context) -> datetime:
    """The end of the last day for which slots are made."""
    last = context.today + timedelta(days=context.hospital.slots_ahead_days)
    return context.hospital.day(last)[1]


def planned(
    context: Context, whose: Collection[int], period: Period, *, absent: bool = True
) -> Plan:
    """The slots that these practitioners should have in the period.

    With `absent` false, leave and closures are ignored.
    """
    hospital = context.hospital
    today, last = hospital.today(period.start), hospital.today(period.until)
    current = or_(Schedule.valid_to.is_(None), Schedule.valid_to >= today)
    weekly = context.session.execute(_WEEKLY.where(Schedule.practitioner_id.in_(whose), current))
    extra, absences = _exceptions(context, whose, period)
    found = rules.plan(
        [Weekly(*row) for row in weekly],
        extra,
        absences if absent else [],
        days=rules.days_between(today, last),
        zone=hospital.zone,
    )
    return {
        key: slot for key, slot in found.items() if period.start <= slot.starts_at < period.until
    }


def slots_in_plan(context: Context, practitioner_id: int) -> set[int]:
    """Ids of the practitioner's future slots that are exactly as planned, ignoring absences.

    The difference before and after a change is the slots that the change removes.
    """
    values = {"slot_practitioner_id": practitioner_id, "slots_from": context.now}
    found = context.session.execute(_SLOTS_AHEAD, values).all()
    if not found:
        return set()
    period = Period(context.now, found[-1].starts_at + timedelta(microseconds=1))
    wanted = planned(context, [practitioner_id], period, absent=False)
    shapes = {slot_id: PlannedSlot._make(shape) for slot_id, *shape in found}
    return {
        slot_id
        for slot_id, shape in shapes.items()
        if wanted.get((practitioner_id, shape.starts_at)) == shape
    }


def _exceptions(
    context: Context, whose: Collection[int], period: Period
) -> tuple[list[rules.Session], list[Absence]]:
    statement = _EXCEPTIONS.where(
        ScheduleException.starts_at < period.until,
        ScheduleException.ends_at > period.start,
        or_(
            ScheduleException.practitioner_id.is_(None),
            ScheduleException.practitioner_id.in_(whose),
        ),
    )
    extra, absences = [], []
    for found in rows(context.session, _Exception, statement):
        if found.kind is ExceptionKind.EXTRA:
            extra.append(rules.Session._make(found[1:]))
        else:
            absences.append(Absence(*found[1:5]))
    return extra, absences
