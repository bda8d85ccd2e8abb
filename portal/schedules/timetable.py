"""What the slots are made from: the schedules and their exceptions, read as one plan.

Whoever changes them takes `lock` first, so that nobody makes slots from a schedule that has just
been ended.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.hospital import Hospital
from portal.models import (
    ExceptionKind,
    Location,
    Practitioner,
    PractitionerRole,
    Schedule,
    ScheduleException,
    Slot,
)
from portal.models.base import Instant
from portal.schedules import rules
from portal.schedules.rules import Absence, Plan, PlannedSlot, Weekly

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
"""One row per practitioner, to which no other table refers: a lock on it keeps no booking waiting."""

_WEEKLY = (
    select(
        Schedule.practitioner_id,
        Schedule.location_id,
        Schedule.weekday,
        Schedule.starts,
        Schedule.ends,
        Schedule.slot_minutes,
        Schedule.mode,
        Schedule.valid_from,
        Schedule.valid_to,
    )
    .join(Schedule.practitioner)
    .join(Schedule.location)
    .where(Practitioner.active, Location.active)
    .order_by(Schedule.id)
)
_EXCEPTIONS = (
    select(
        ScheduleException.kind,
        ScheduleException.practitioner_id,
        ScheduleException.location_id,
        ScheduleException.starts_at,
        ScheduleException.ends_at,
        ScheduleException.slot_minutes,
        ScheduleException.mode,
    )
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


def lock(
    session: Session, practitioner_id: int | None = None, *, skip_locked: bool = False
) -> list[int]:
    """Takes the practitioner's timetable (or everybody's) for this transaction; returns whose.

    Always in the same order, so that two of them do not wait for one another. On SQLite a
    transaction has the whole database to itself.
    """
    statement = _FIRST_ROLES.with_for_update(skip_locked=skip_locked)
    if practitioner_id is not None:
        statement = statement.where(PractitionerRole.practitioner_id == practitioner_id)
    return list(session.scalars(statement))


def practitioner_name(row: Any) -> str:
    """From a row with a practitioner's `prefix`, `given` and `family`."""
    return " ".join(part for part in (row.prefix, row.given, row.family) if part)


def horizon(hospital: Hospital, now: datetime) -> datetime:
    """The end of the last day for which slots are made."""
    return hospital.day(hospital.today(now) + timedelta(days=hospital.slots_ahead_days))[1]


def planned(
    session: Session,
    whose: Collection[int],
    *,
    hospital: Hospital,
    start: datetime,
    until: datetime,
    absent: bool = True,
) -> Plan:
    """The slots that these practitioners should have, beginning from `start` to before `until`.

    With `absent` false, as if there were no leave and no closure.
    """
    today, last = hospital.today(start), hospital.today(until)
    extra, absences = _exceptions(session, start, until)
    if not absent:
        absences = []
    found = rules.plan(
        (entry for entry in _weekly(session, today) if entry.practitioner_id in whose),
        (entry for entry in extra if entry.practitioner_id in whose),
        absences,
        days=rules.days_between(today, last),
        zone=hospital.zone,
    )
    return {key: slot for key, slot in found.items() if start <= slot.starts_at < until}


def slots_in_plan(
    session: Session, practitioner_id: int, *, hospital: Hospital, now: datetime
) -> set[int]:
    """Ids of the practitioner's slots ahead that the plan has just so, absences left aside.

    Asked before and after a change, it tells which slots the change costs.
    """
    found = session.execute(
        _SLOTS_AHEAD, {"slot_practitioner_id": practitioner_id, "slots_from": now}
    ).all()
    if not found:
        return set()
    until = found[-1].starts_at + timedelta(microseconds=1)
    wanted = planned(
        session, [practitioner_id], hospital=hospital, start=now, until=until, absent=False
    )
    shapes = {row.id: PlannedSlot._make(row[1:]) for row in found}
    return {
        slot_id
        for slot_id, shape in shapes.items()
        if wanted.get((practitioner_id, shape.starts_at)) == shape
    }


def _weekly(session: Session, today: date) -> list[Weekly]:
    current = or_(Schedule.valid_to.is_(None), Schedule.valid_to >= today)
    return [Weekly(*row) for row in session.execute(_WEEKLY.where(current))]


def _exceptions(
    session: Session, start: datetime, until: datetime
) -> tuple[list[rules.Session], list[Absence]]:
    rows = session.execute(
        _EXCEPTIONS.where(ScheduleException.starts_at < until, ScheduleException.ends_at > start)
    ).all()
    extra = [_extra(row) for row in rows if row.kind is ExceptionKind.EXTRA]
    absences = [
        Absence(row.practitioner_id, row.location_id, row.starts_at, row.ends_at)
        for row in rows
        if row.kind is not ExceptionKind.EXTRA
    ]
    return extra, absences


def _extra(row: Any) -> rules.Session:
    return rules.Session(
        row.practitioner_id,
        row.location_id,
        row.starts_at,
        row.ends_at,
        row.slot_minutes,
        row.mode,
    )
