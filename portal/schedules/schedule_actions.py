"""Adding, changing and ending a practitioner's weekly sessions."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import Refused, Unfit
from portal.hospital import Hospital
from portal.models import Schedule, Slot
from portal.schedules import lookup, slots, wording
from portal.schedules.placing import SessionFacts, place
from portal.schedules.rebooking import Effect, remove_unused, require_confirmed, take_out
from portal.schedules.timetable import horizon, lock, practitioner_name, slots_in_plan

DAY = timedelta(days=1)


def add_schedules(
    session: Session,
    *,
    by: Actor,
    practitioner_ref: str,
    weekdays: Iterable[int],
    facts: SessionFacts,
    hospital: Hospital,
    now: datetime,
) -> int:
    """Adds the same session on each of the weekdays and makes its slots; returns how many.

    Raises `Unfit` naming the field that a rule refuses.
    """
    require(by, Deed.MANAGE_SCHEDULES)
    whose = lookup.practitioner(session, practitioner_ref)
    lock(session, whose.id)
    _require_active(whose)
    for weekday in sorted(set(weekdays)):
        row = Schedule(practitioner_id=whose.id, weekday=weekday)
        place(session, row, facts, hospital, now)
        session.add(row)
        session.flush()
        _remember(session, by, now, row.ref, step="add")
    return _fill(session, whose.id, hospital, now)


def change_schedule(
    session: Session,
    *,
    by: Actor,
    schedule_ref: str,
    facts: SessionFacts,
    confirmed: str | None,
    hospital: Hospital,
    now: datetime,
) -> Effect:
    """Lets the session be as `facts` say from `facts.valid_from` on; before, it stays as it was.

    Raises `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    require(by, Deed.MANAGE_SCHEDULES)
    row, before = _locked(session, schedule_ref, hospital, now)
    since = facts.valid_from
    if since < hospital.today(now):
        raise Unfit("valid_from", "A change can't begin in the past. Choose today or a later day.")
    if row.valid_to is not None and row.valid_to < since:
        raise Unfit("valid_from", f"This session ends on {wording.short_day(row.valid_to)}.")
    changed = row
    if since > row.valid_from:
        row.valid_to = since - DAY
        session.flush()
        changed = Schedule(practitioner_id=row.practitioner_id, weekday=row.weekday)
    place(session, changed, facts, hospital, now)
    session.add(changed)
    session.flush()
    effect = _settle(session, row.practitioner_id, before, confirmed, hospital, now)
    _remember(session, by, now, row.ref, step="change", effect=effect, since=str(since))
    return effect


def end_schedule(
    session: Session,
    *,
    by: Actor,
    schedule_ref: str,
    last_day: date,
    confirmed: str | None,
    hospital: Hospital,
    now: datetime,
) -> Effect:
    """Lets the session take place on `last_day` for the last time; one that never did is removed.

    Raises `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    require(by, Deed.MANAGE_SCHEDULES)
    row, before = _locked(session, schedule_ref, hospital, now)
    if last_day < hospital.today(now) - DAY:
        raise Unfit("last_day", "The last day can't be in the past. Yesterday ends it at once.")
    if row.valid_to is not None and row.valid_to < last_day:
        raise Unfit("last_day", f"It ends on {wording.short_day(row.valid_to)} already.")
    row.valid_to = last_day
    if last_day < row.valid_from:
        session.delete(row)
    session.flush()
    effect = _settle(session, row.practitioner_id, before, confirmed, hospital, now)
    _remember(session, by, now, row.ref, step="end", effect=effect, last_day=str(last_day))
    return effect


def _locked(
    session: Session, schedule_ref: str, hospital: Hospital, now: datetime
) -> tuple[Schedule, set[int]]:
    """The session, read anew under its practitioner's lock, and the slots that fit the plan."""
    row, _ = lookup.schedule(session, schedule_ref)
    lock(session, row.practitioner_id)
    row, _ = lookup.schedule(session, schedule_ref)
    if row.valid_to is not None and row.valid_to < hospital.today(now):
        raise Refused(f"This session ended on {wording.short_day(row.valid_to)}.")
    return row, slots_in_plan(session, row.practitioner_id, hospital=hospital, now=now)


def _settle(
    session: Session,
    practitioner_id: int,
    before: set[int],
    confirmed: str | None,
    hospital: Hospital,
    now: datetime,
) -> Effect:
    lost = before - slots_in_plan(session, practitioner_id, hospital=hospital, now=now)
    effect = take_out(session, Slot.id.in_(lost))
    require_confirmed(effect, confirmed)
    remove_unused(session, sorted(lost))
    _fill(session, practitioner_id, hospital, now)
    return effect


def _fill(session: Session, practitioner_id: int, hospital: Hospital, now: datetime) -> int:
    until = horizon(hospital, now)
    return slots.fill(session, [practitioner_id], hospital=hospital, start=now, until=until)


def _require_active(whose: Any) -> None:
    if not whose.active:
        raise Refused(f"{practitioner_name(whose)} does not work here any more.")


def _remember(
    session: Session,
    by: Actor,
    now: datetime,
    ref: str,
    *,
    effect: Effect | None = None,
    **detail: Any,
) -> None:
    counts = effect.counts if effect else {}
    of = Schedule.reference(ref)
    deed = Deed.MANAGE_SCHEDULES
    audit.remember(session, by=by, deed=deed, now=now, of=of, **detail, **counts)
