"""Adding, changing and ending a practitioner's weekly sessions."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from portal.access import Deed
from portal.context import Context
from portal.errors import Refused, Unfit
from portal.models import Schedule, Slot
from portal.models.rows import claim
from portal.schedules import lookup
from portal.schedules.slots.actions import fill
from portal.schedules.slots.queries import lock, slots_in_plan
from portal.schedules.slots.taking_out import Effect, confirm, remove_unused, take_out
from portal.schedules.weekly.placing import SessionFacts, place
from portal.seen import Seen
from portal.words import short_day

DAY = timedelta(days=1)


def add_schedules(
    context: Context, *, practitioner_ref: str, weekdays: Iterable[int], facts: SessionFacts
) -> int:
    """Adds the same session on each of the weekdays and makes its slots; returns how many slots.

    Raises `Unfit` naming the field that a rule refuses.
    """
    context.require(Deed.MANAGE_SCHEDULES)
    session = context.session
    whose = lookup.practitioner(session, practitioner_ref)
    lock(session, whose.id)
    if not whose.active:
        raise Refused(f"{whose.name} does not work here any more.")
    for weekday in sorted(set(weekdays)):
        row = Schedule(practitioner_id=whose.id, weekday=weekday)
        place(context, row, facts)
        session.add(row)
        session.flush()
        _remember(context, row.ref, "add")
    return fill(context, [whose.id])


def change_schedule(
    context: Context, *, schedule: Seen, facts: SessionFacts, confirmed: str | None
) -> Effect:
    """Changes the session to `facts` from `facts.valid_from` on; earlier days do not change.

    Raises `ChangedMeanwhile`, `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    context.require(Deed.MANAGE_SCHEDULES)
    row, before = _locked(context, schedule)
    since = facts.valid_from
    if since < context.today:
        raise Unfit("valid_from", "A change can't begin in the past. Choose today or a later day.")
    if row.valid_to is not None and row.valid_to < since:
        ends = short_day(row.valid_to, context.hospital.locale)
        raise Unfit("valid_from", f"This session ends on {ends}.")
    changed = row
    if since > row.valid_from:
        row.valid_to = since - DAY
        context.session.flush()
        changed = Schedule(practitioner_id=row.practitioner_id, weekday=row.weekday)
    place(context, changed, facts)
    context.session.add(changed)
    context.session.flush()
    effect = _settle(context, row.practitioner_id, before, confirmed)
    _remember(context, row.ref, "change", since=str(since), **effect.counts)
    return effect


def end_schedule(
    context: Context, *, schedule: Seen, last_day: date, confirmed: str | None
) -> Effect:
    """Ends the session after `last_day`. A session that never took place is removed.

    Raises `ChangedMeanwhile`, `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    context.require(Deed.MANAGE_SCHEDULES)
    row, before = _locked(context, schedule)
    if last_day < context.today - DAY:
        raise Unfit("last_day", "The last day can't be in the past. Yesterday ends it at once.")
    if row.valid_to is not None and row.valid_to < last_day:
        ends = short_day(row.valid_to, context.hospital.locale)
        raise Unfit("last_day", f"It ends on {ends} already.")
    row.valid_to = last_day
    if last_day < row.valid_from:
        context.session.delete(row)
    context.session.flush()
    effect = _settle(context, row.practitioner_id, before, confirmed)
    _remember(context, row.ref, "end", last_day=str(last_day), **effect.counts)
    return effect


def _locked(context: Context, schedule: Seen) -> tuple[Schedule, set[int]]:
    """The session, read again after locking its practitioner, and the ids of slots that match the plan."""
    session = context.session
    row, _ = lookup.schedule(session, schedule.ref)
    lock(session, row.practitioner_id)
    claim(session, Schedule, schedule)
    row, _ = lookup.schedule(session, schedule.ref)
    if row.valid_to is not None and row.valid_to < context.today:
        ended = short_day(row.valid_to, context.hospital.locale)
        raise Refused(f"This session ended on {ended}.")
    return row, slots_in_plan(context, row.practitioner_id)


def _settle(
    context: Context, practitioner_id: int, before: set[int], confirmed: str | None
) -> Effect:
    lost = before - slots_in_plan(context, practitioner_id)
    effect = take_out(context.session, Slot.id.in_(lost))
    confirm(context, effect, confirmed)
    remove_unused(context.session, sorted(lost))
    fill(context, [practitioner_id])
    return effect


def _remember(context: Context, ref: str, step: str, **detail: Any) -> None:
    context.remember(Deed.MANAGE_SCHEDULES, of=Schedule.reference(ref), step=step, **detail)
