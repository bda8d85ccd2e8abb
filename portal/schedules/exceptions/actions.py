"""Ending leave, a closure or an extra clinic."""

from portal.access import Deed
from portal.context import Context
from portal.errors import Refused
from portal.models import ScheduleException, Slot
from portal.models.rows import claim
from portal.schedules import lookup
from portal.schedules.rules import LONGEST_SLOT
from portal.schedules.slots.actions import fill
from portal.schedules.slots.queries import Period, horizon, lock, slots_in_plan
from portal.schedules.slots.taking_out import Effect, confirm, remove_unused, take_out
from portal.seen import Seen
from portal.vocabulary import ExceptionKind


def end_exception(context: Context, *, exception: Seen, confirmed: str | None) -> Effect:
    """Ends leave, a closure or an extra clinic now; removes it if it has not begun.

    The slots of leave and closures are restored, unless another exception covers them. Raises
    `ChangedMeanwhile`, or `Unconfirmed` with the booked times of an extra clinic that must be rebooked.
    """
    context.require(Deed.MANAGE_SCHEDULES)
    row, _ = lookup.exception(context.session, exception.ref)
    everybody = lock(context.session, row.practitioner_id)
    whose = everybody if row.practitioner_id is None else [row.practitioner_id]
    claim(context.session, ScheduleException, exception)
    row, _ = lookup.exception(context.session, exception.ref)
    if row.ends_at <= context.now:
        raise Refused("This is over already.")
    effect = Effect()
    if row.kind is ExceptionKind.EXTRA:
        effect = _end_extra(context, row, confirmed)
    else:
        start = max(context.now, row.starts_at - LONGEST_SLOT)
        period = Period(start, min(row.ends_at, horizon(context)))
        _close(context, row)
        fill(context, whose, period)
    of, kind = ScheduleException.reference(row.ref), row.kind.value
    context.remember(Deed.MANAGE_SCHEDULES, of=of, kind=kind, step="end", **effect.counts)
    return effect


def _end_extra(context: Context, row: ScheduleException, confirmed: str | None) -> Effect:
    whose = row.practitioner_id
    if whose is None:
        raise AssertionError("an extra clinic has a practitioner")
    before = slots_in_plan(context, whose)
    _close(context, row)
    lost = before - slots_in_plan(context, whose)
    effect = take_out(context.session, Slot.id.in_(lost))
    confirm(context, effect, confirmed)
    remove_unused(context.session, sorted(lost))
    return effect


def _close(context: Context, row: ScheduleException) -> None:
    if row.starts_at < context.now:
        row.ends_at = context.now
    else:
        context.session.delete(row)
    context.session.flush()
