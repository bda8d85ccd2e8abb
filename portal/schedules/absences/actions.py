"""Leave and closures: their times are taken out, and restored when they end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from portal.access import Deed
from portal.context import Context
from portal.errors import Refused, Unfit
from portal.models import ScheduleException, Slot, new_ref
from portal.schedules import fitting, lookup
from portal.schedules.rules import LONGEST_SLOT, boundary
from portal.schedules.slots.queries import lock
from portal.schedules.slots.taking_out import Effect, confirm, take_out
from portal.vocabulary import ExceptionKind


@dataclass(frozen=True, slots=True)
class AbsenceFacts:
    """Whole days, both included, or from and to a time on these days."""

    first_day: date
    last_day: date
    starts: time | None
    ends: time | None
    reason: str


def add_leave(
    context: Context, *, practitioner_ref: str, facts: AbsenceFacts, confirmed: str | None
) -> Effect:
    """Takes the practitioner's slots out while they are on leave.

    Raises `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    context.require(Deed.MANAGE_SCHEDULES)
    whose = lookup.practitioner(context.session, practitioner_ref)
    lock(context.session, whose.id)
    row = _row(context, ExceptionKind.LEAVE, facts)
    row.practitioner_id = whose.id
    same = ScheduleException.practitioner_id == whose.id
    _require_no_other(context, row, same, "They are already away in that time: {}.")
    return _keep(context, [row], confirmed)


def add_closures(
    context: Context,
    *,
    location_ref: str | None,
    closures: Iterable[AbsenceFacts],
    confirmed: str | None,
) -> Effect:
    """Closes one clinic, or without `location_ref` all clinics, at one or several times.

    Raises `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    context.require(Deed.MANAGE_SCHEDULES)
    lock(context.session)
    clinic_id = lookup.location(context.session, location_ref).id if location_ref else None
    rows = [_row(context, ExceptionKind.CLOSURE, facts) for facts in closures]
    same = or_(ScheduleException.location_id.is_(None), ScheduleException.location_id == clinic_id)
    for row in rows:
        row.location_id = clinic_id
        _require_no_other(context, row, same, "This is already closed in that time: {}.")
    return _keep(context, rows, confirmed)


def _span(context: Context, facts: AbsenceFacts) -> tuple[datetime, datetime]:
    """The start and end instants; raises `Unfit`."""
    zone, locale = context.hospital.zone, context.hospital.locale
    fitting.require_in_reach("first_day", facts.first_day, context.today, locale)
    fitting.require_in_reach("last_day", facts.last_day, context.today, locale)
    starts_at = boundary(facts.first_day, facts.starts or time.min, zone)
    ends_at = (
        boundary(facts.last_day, facts.ends, zone)
        if facts.ends
        else boundary(facts.last_day + timedelta(days=1), time.min, zone)
    )
    fitting.require_span_of_absence(starts_at, ends_at, context.now)
    return starts_at, ends_at


def _row(context: Context, kind: ExceptionKind, facts: AbsenceFacts) -> ScheduleException:
    starts_at, ends_at = _span(context, facts)
    return ScheduleException(
        ref=new_ref(), kind=kind, starts_at=starts_at, ends_at=ends_at, reason=facts.reason
    )


def _require_no_other(
    context: Context, row: ScheduleException, same: ColumnElement[bool], message: str
) -> None:
    other = context.session.scalars(
        select(ScheduleException.reason).where(
            same,
            ScheduleException.kind == row.kind,
            ScheduleException.starts_at < row.ends_at,
            ScheduleException.ends_at > row.starts_at,
        )
    ).first()
    if other is not None:
        raise Unfit("first_day", message.format(other or "no reason given"))


def _concerned(row: ScheduleException, now: datetime) -> ColumnElement[bool]:
    """The future slots that overlap the absence."""
    clauses: list[ColumnElement[bool]] = [
        Slot.starts_at >= max(now, row.starts_at - LONGEST_SLOT),
        Slot.starts_at < row.ends_at,
        Slot.ends_at > row.starts_at,
    ]
    if row.practitioner_id is not None:
        clauses.append(Slot.practitioner_id == row.practitioner_id)
    if row.location_id is not None:
        clauses.append(Slot.location_id == row.location_id)
    return and_(*clauses)


def _keep(context: Context, rows: list[ScheduleException], confirmed: str | None) -> Effect:
    if not rows:
        raise Refused("Choose at least one day.")
    context.session.add_all(rows)
    context.session.flush()
    effect = take_out(context.session, or_(*(_concerned(row, context.now) for row in rows)))
    confirm(context, effect, confirmed)
    for row in rows:
        of = ScheduleException.reference(row.ref)
        context.remember(Deed.MANAGE_SCHEDULES, of=of, step="add", **effect.counts)
    return effect
