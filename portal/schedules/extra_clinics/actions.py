"""Adding an extra clinic."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.context import Context
from portal.errors import Unfit
from portal.models import ScheduleException, Slot
from portal.schedules import fitting, lookup
from portal.schedules.rules import LONGEST_SLOT, boundary
from portal.schedules.slots.actions import fill
from portal.schedules.slots.queries import Period, lock, planned
from portal.vocabulary import ExceptionKind, Mode, SlotStatus

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


def add_extra(context: Context, *, practitioner_ref: str, facts: ExtraFacts) -> int:
    """Adds a session on one day, even outside the clinic's hours.

    Returns how many slots it has. Slots beyond the hospital's booking period are made later.
    Raises `Unfit`.
    """
    context.require(Deed.MANAGE_SCHEDULES)
    session = context.session
    whose = lookup.practitioner(session, practitioner_ref)
    lock(session, whose.id)
    clinic = lookup.location(session, facts.location_ref)
    if not whose.active or not clinic.active:
        raise Unfit("location", "Choose a practitioner and a clinic that are at work.")
    if not lookup.works_in(session, whose.id, clinic.id):
        raise Unfit("location", "They do not work in this clinic. Choose another.")
    row = _row(context, facts)
    row.practitioner_id, row.location_id = whose.id, clinic.id
    _require_at_work(session, row)
    _require_no_session(context, row, whose.id)
    session.add(row)
    session.flush()
    of = ScheduleException.reference(row.ref)
    context.remember(Deed.MANAGE_SCHEDULES, of=of, kind=row.kind.value, step="add")
    return fill(context, [whose.id])


def _row(context: Context, facts: ExtraFacts) -> ScheduleException:
    starts_at, ends_at = _span(context, facts)
    return ScheduleException(
        kind=ExceptionKind.EXTRA,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=facts.slot_minutes,
        mode=facts.mode,
        reason=facts.reason,
    )


def _span(context: Context, facts: ExtraFacts) -> tuple[datetime, datetime]:
    hospital = context.hospital
    fitting.require_in_reach("day", facts.day, context.today, hospital.locale)
    starts_at = boundary(facts.day, facts.starts, hospital.zone)
    ends_at = boundary(facts.day, facts.ends, hospital.zone)
    if ends_at <= starts_at:
        raise Unfit("ends", "The end must be after the beginning.")
    if starts_at < context.now:
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


def _require_no_session(context: Context, row: ScheduleException, whose: int) -> None:
    """Call it before the row is in the database, so that the session does not conflict with itself."""
    period = Period(row.starts_at - LONGEST_SLOT, row.ends_at)
    there = context.session.execute(
        select(Slot.starts_at, Slot.ends_at).where(
            Slot.practitioner_id == whose,
            Slot.starts_at > period.start,
            Slot.starts_at < period.until,
            Slot.status != SlotStatus.UNAVAILABLE,
        )
    ).all()
    wanted = planned(context, [whose], period, absent=False)
    taken = [(slot.starts_at, slot.ends_at) for slot in wanted.values()]
    taken += [(slot.starts_at, slot.ends_at) for slot in there]
    if any(starts_at < row.ends_at and row.starts_at < ends_at for starts_at, ends_at in taken):
        raise Unfit("starts", A_SESSION_ALREADY)
