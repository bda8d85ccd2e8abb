"""Making slots ahead of time from the schedules and their exceptions."""

from bisect import bisect_left
from collections import defaultdict
from datetime import datetime

from sqlalchemy import bindparam, case, exists, insert, literal, select, update
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.context import Context
from portal.models import Appointment, Slot, new_ref
from portal.models.base import Instant, table_of
from portal.models.rows import changed
from portal.schedules import rules
from portal.schedules.rules import Plan, PlannedSlot
from portal.schedules.slots.batches import batches
from portal.schedules.slots.queries import SHAPE, Period, horizon, lock, planned
from portal.schedules.slots.telling import tell_restored
from portal.vocabulary import AppointmentStatus, SlotStatus

# A duplicate means that another process has made the same slot; ours is skipped.
_INSERT = (
    insert(table_of(Slot))
    .prefix_with("IGNORE", dialect="mysql")
    .prefix_with("OR IGNORE", dialect="sqlite")
)
# Two comparisons, because `not_in` can't be expanded in an executemany.
_TAKEN = exists().where(
    Appointment.slot_id == Slot.id,
    Appointment.status != AppointmentStatus.CANCELLED,
    Appointment.status != AppointmentStatus.NOSHOW,
)
_BUSY, _FREE = (literal(status, Slot.status.type) for status in (SlotStatus.BUSY, SlotStatus.FREE))
_GIVE_BACK = (
    update(table_of(Slot))
    .where(
        Slot.id.in_(bindparam("slot_ids", expanding=True)),
        Slot.status == SlotStatus.UNAVAILABLE,
    )
    .values(
        status=case((_TAKEN, _BUSY), else_=_FREE),
        held_by_account_id=None,
        held_until=None,
    )
)
_RESHAPE = (
    update(table_of(Slot))
    .where(Slot.id == bindparam("slot_id"), Slot.status == SlotStatus.UNAVAILABLE, ~_TAKEN)
    .values(
        location_id=bindparam("new_location_id"),
        ends_at=bindparam("new_ends_at", type_=Instant()),
        mode=bindparam("new_mode", type_=Slot.mode.type),
        version=Slot.version + 1,
        status=SlotStatus.FREE,
        held_by_account_id=None,
        held_until=None,
    )
)


def make_slots(
    context: Context, *, until: datetime | None = None, practitioner_id: int | None = None
) -> int:
    """Makes the slots that are missing from now to `until`; returns how many.

    `until` defaults to the end of the day `hospital.slots_ahead_days` from now. Practitioners without a
    PractitionerRole get none, and those with a locked timetable are skipped. Running it again makes no
    duplicates. For the portal itself (`access.SYSTEM`) and administrators.
    """
    if not context.may(Deed.MAKE_SLOTS):
        context.require(Deed.MANAGE_SCHEDULES)
    whose = lock(context.session, practitioner_id, skip_locked=True)
    made = fill(context, whose, Period(context.now, until or horizon(context)))
    if made:
        context.remember(Deed.MAKE_SLOTS, made=made)
    return made


def fill(context: Context, whose: list[int], period: Period | None = None) -> int:
    """Makes the slots that are missing from the plan, and restores those that are planned again.

    The caller must have locked the timetables of these practitioners. The default period is the hospital's
    booking period. Returns how many were made.
    """
    period = period or Period(context.now, horizon(context))
    wanted = planned(context, whose, period)
    there = _starts(context.session, whose, period)
    missing = [slot for key, slot in wanted.items() if key not in there]
    _give_back(context, wanted, whose, period)
    return _insert(context.session, _without_overlaps(context.session, missing))


def _starts(session: Session, whose: list[int], period: Period) -> set[tuple[int, datetime]]:
    """Only the columns of the unique key, because this may read all slots of the hospital."""
    statement = select(Slot.practitioner_id, Slot.starts_at).where(
        Slot.practitioner_id.in_(whose),
        Slot.starts_at >= period.start,
        Slot.starts_at < period.until,
    )
    return {(row.practitioner_id, row.starts_at) for row in session.execute(statement)}


def _without_overlaps(session: Session, slots: list[PlannedSlot]) -> list[PlannedSlot]:
    """The planned slots that do not overlap a used slot of the same practitioner."""
    if not slots:
        return []
    in_use = defaultdict(list)
    statement = (
        select(Slot.practitioner_id, Slot.starts_at, Slot.ends_at)
        .where(
            Slot.practitioner_id.in_({slot.practitioner_id for slot in slots}),
            Slot.starts_at > min(slot.starts_at for slot in slots) - rules.LONGEST_SLOT,
            Slot.starts_at < max(slot.ends_at for slot in slots),
            Slot.status != SlotStatus.UNAVAILABLE,
        )
        .order_by(Slot.practitioner_id, Slot.starts_at)
    )
    for practitioner_id, starts_at, ends_at in session.execute(statement):
        in_use[practitioner_id].append((starts_at, ends_at))
    return [slot for slot in slots if not _overlaps(slot, in_use[slot.practitioner_id])]


def _overlaps(slot: PlannedSlot, in_use: list[tuple[datetime, datetime]]) -> bool:
    """Used slots are in order and never overlap, so only the one that began last matters."""
    before = bisect_left(in_use, (slot.ends_at,))
    return before > 0 and in_use[before - 1][1] > slot.starts_at


def _give_back(context: Context, wanted: Plan, whose: list[int], period: Period) -> None:
    """Makes taken-out slots available again, according to the current plan.

    A slot whose appointment must be rebooked stays out, unless it matches the plan.
    """
    session, same = context.session, list[int]()
    other: list[dict[str, object]] = []
    statement = select(*SHAPE, Slot.id).where(
        Slot.practitioner_id.in_(whose),
        Slot.status == SlotStatus.UNAVAILABLE,
        Slot.starts_at >= period.start,
        Slot.starts_at < period.until,
    )
    for *shape, slot_id in session.execute(statement):
        found = PlannedSlot._make(shape)
        slot = wanted.get((found.practitioner_id, found.starts_at))
        if slot == found:
            same.append(slot_id)
        elif slot:
            other.append(
                {
                    "slot_id": slot_id,
                    "new_location_id": slot.location_id,
                    "new_ends_at": slot.ends_at,
                    "new_mode": slot.mode,
                }
            )
    if other:
        session.execute(_RESHAPE, other)
    tell_restored(context, same)
    for some in batches(same):
        session.execute(_GIVE_BACK, {"slot_ids": some})


def _insert(session: Session, slots: list[PlannedSlot]) -> int:
    made = 0
    for some in batches(slots):
        batch = [{**slot._asdict(), "ref": new_ref(), "status": SlotStatus.FREE} for slot in some]
        made += changed(session, _INSERT, batch)
    return made
