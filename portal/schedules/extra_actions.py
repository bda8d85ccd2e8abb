"""Extra clinics, and the end of any exception."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import Refused, Unfit
from portal.hospital import Hospital
from portal.models import ExceptionKind, Mode, ScheduleException, Slot, SlotStatus
from portal.schedules import fitting, lookup, slots
from portal.schedules.rebooking import Effect, remove_unused, require_confirmed, take_out
from portal.schedules.rules import LONGEST_SLOT, boundary
from portal.schedules.timetable import horizon, lock, planned, slots_in_plan

A_SESSION_ALREADY = "They have a session in that time already. Choose times that do not overlap."


@dataclass(frozen=True, slots=True)
class ExtraFacts:
    location_ref: str
    day: date
    starts: time
    ends: time
    slot_minutes: int
    mode: Mode
    reason: str


def add_extra(
    session: Session,
    *,
    by: Actor,
    practitioner_ref: str,
    facts: ExtraFacts,
    hospital: Hospital,
    now: datetime,
) -> int:
    """Adds a session on one day, also outside the clinic's hours; returns how many slots it gives.

    Slots further ahead than the hospital books are made when their day comes. Raises `Unfit`.
    """
    require(by, Deed.MANAGE_SCHEDULES)
    whose = lookup.practitioner(session, practitioner_ref)
    lock(session, whose.id)
    clinic = lookup.location(session, facts.location_ref)
    if not whose.active or not clinic.active:
        raise Unfit("location", "Choose a practitioner and a clinic that are at work.")
    if not lookup.works_in(session, whose.id, clinic.id):
        raise Unfit("location", "They do not work in this clinic. Choose another.")
    starts_at, ends_at = _span(facts, hospital, now)
    row = ScheduleException(
        kind=ExceptionKind.EXTRA,
        practitioner_id=whose.id,
        location_id=clinic.id,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=facts.slot_minutes,
        mode=facts.mode,
        reason=facts.reason,
    )
    _require_at_work(session, row)
    _require_no_session(session, row, hospital)
    session.add(row)
    session.flush()
    _remember(session, by, row, now, step="add")
    until = horizon(hospital, now)
    return slots.fill(session, [whose.id], hospital=hospital, start=now, until=until)


def end_exception(
    session: Session,
    *,
    by: Actor,
    exception_ref: str,
    confirmed: str | None,
    hospital: Hospital,
    now: datetime,
) -> Effect:
    """Ends leave, a closure or an extra clinic now; what has not begun is removed.

    Leave and closures give their times back, unless another still covers them. Raises
    `Unconfirmed` with the booked times of an extra clinic that must be rebooked.
    """
    require(by, Deed.MANAGE_SCHEDULES)
    row, _ = lookup.exception(session, exception_ref)
    everybody = lock(session, row.practitioner_id)
    whose = everybody if row.practitioner_id is None else [row.practitioner_id]
    row, _ = lookup.exception(session, exception_ref)
    if row.ends_at <= now:
        raise Refused("This is over already.")
    start, until = max(now, row.starts_at - LONGEST_SLOT), min(row.ends_at, horizon(hospital, now))
    effect = Effect()
    if row.kind is ExceptionKind.EXTRA:
        effect = _end_extra(session, row, confirmed, hospital, now)
    else:
        _close(session, row, now)
        slots.fill(session, whose, hospital=hospital, start=start, until=until)
    _remember(session, by, row, now, step="end", **effect.counts)
    return effect


def _end_extra(
    session: Session,
    row: ScheduleException,
    confirmed: str | None,
    hospital: Hospital,
    now: datetime,
) -> Effect:
    whose = row.practitioner_id
    if whose is None:
        raise AssertionError("an extra clinic has a practitioner")
    before = slots_in_plan(session, whose, hospital=hospital, now=now)
    _close(session, row, now)
    lost = before - slots_in_plan(session, whose, hospital=hospital, now=now)
    effect = take_out(session, Slot.id.in_(lost))
    require_confirmed(effect, confirmed)
    remove_unused(session, sorted(lost))
    return effect


def _close(session: Session, row: ScheduleException, now: datetime) -> None:
    if row.starts_at < now:
        row.ends_at = now
    else:
        session.delete(row)
    session.flush()


def _span(facts: ExtraFacts, hospital: Hospital, now: datetime) -> tuple[datetime, datetime]:
    fitting.require_in_reach("day", facts.day, hospital.today(now))
    starts_at = boundary(facts.day, facts.starts, hospital.zone)
    ends_at = boundary(facts.day, facts.ends, hospital.zone)
    if ends_at <= starts_at:
        raise Unfit("ends", "The end must be after the beginning.")
    if starts_at < now:
        raise Unfit("day", "This has begun already. Choose a time in the future.")
    fitting.require_slot_length(starts_at, ends_at, facts.slot_minutes)
    return starts_at, ends_at


def _require_at_work(session: Session, row: ScheduleException) -> None:
    absence = session.execute(
        select(ScheduleException.kind, ScheduleException.reason).where(
            ScheduleException.starts_at < row.ends_at,
            ScheduleException.ends_at > row.starts_at,
            or_(
                ScheduleException.practitioner_id.is_(None),
                ScheduleException.practitioner_id == row.practitioner_id,
            ),
            or_(
                ScheduleException.location_id.is_(None),
                ScheduleException.location_id == row.location_id,
            ),
            ScheduleException.kind != ExceptionKind.EXTRA,
        )
    ).first()
    if absence is not None:
        what = "They are away" if absence.kind is ExceptionKind.LEAVE else "The clinic is closed"
        raise Unfit("day", f"{what} at that time: {absence.reason}.")


def _require_no_session(session: Session, row: ScheduleException, hospital: Hospital) -> None:
    whose = row.practitioner_id
    start, until = row.starts_at - LONGEST_SLOT, row.ends_at
    there = session.execute(
        select(Slot.starts_at, Slot.ends_at).where(
            Slot.practitioner_id == whose,
            Slot.starts_at > start,
            Slot.starts_at < until,
            Slot.status != SlotStatus.UNAVAILABLE,
        )
    ).all()
    wanted = planned(
        session, [whose] if whose else [], hospital=hospital, start=start, until=until, absent=False
    )
    taken = [(slot.starts_at, slot.ends_at) for slot in wanted.values()]
    taken += [(slot.starts_at, slot.ends_at) for slot in there]
    if any(starts_at < until and row.starts_at < ends_at for starts_at, ends_at in taken):
        raise Unfit("starts", A_SESSION_ALREADY)


def _remember(
    session: Session, by: Actor, row: ScheduleException, now: datetime, **detail: Any
) -> None:
    of = ScheduleException.reference(row.ref)
    audit.remember(
        session, by=by, deed=Deed.MANAGE_SCHEDULES, now=now, of=of, kind=row.kind.value, **detail
    )
