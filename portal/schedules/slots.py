"""Making slots ahead of time, as the schedules and their exceptions say."""

from bisect import bisect_left
from collections import defaultdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, case, exists, insert, literal, select, update
from sqlalchemy.orm import Session

from portal import access, audit
from portal.access import Actor, Deed
from portal.hospital import Hospital
from portal.models import Appointment, AppointmentStatus, Slot, SlotStatus, new_ref
from portal.models.base import Instant, table_of
from portal.schedules import rules
from portal.schedules.rules import Plan, PlannedSlot
from portal.schedules.timetable import SHAPE, horizon, lock, planned

BATCH = 2000

# A duplicate is somebody else's slot at the same time: it stays, and ours is left out.
_INSERT = (
    insert(table_of(Slot))
    .prefix_with("IGNORE", dialect="mysql")
    .prefix_with("OR IGNORE", dialect="sqlite")
)
_TAKEN = exists().where(
    Appointment.slot_id == Slot.id,
    Appointment.status.not_in((AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW)),
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
        status=SlotStatus.FREE,
        held_by_account_id=None,
        held_until=None,
    )
)


def make_slots(
    session: Session,
    *,
    by: Actor,
    hospital: Hospital,
    now: datetime,
    until: datetime | None = None,
    practitioner_id: int | None = None,
) -> int:
    """Makes the slots that are missing from `now` to `until`; returns how many.

    Without `until`, up to the end of the day `hospital.slots_ahead_days` ahead. Practitioners
    without a PractitionerRole get none. Running it again makes nothing; when several run at once,
    each practitioner is done by one of them. By the portal itself (`access.SYSTEM`), or by an
    administrator.
    """
    if not access.may(by, Deed.MAKE_SLOTS):
        access.require(by, Deed.MANAGE_SCHEDULES)
    whose = lock(session, practitioner_id, skip_locked=practitioner_id is None)
    made = fill(session, whose, hospital=hospital, start=now, until=until or horizon(hospital, now))
    if made:
        audit.remember(session, by=by, deed=Deed.MAKE_SLOTS, now=now, made=made)
    return made


def fill(
    session: Session, whose: list[int], *, hospital: Hospital, start: datetime, until: datetime
) -> int:
    """Makes what the plan misses, and gives back what was taken out and is planned again.

    The caller has locked the timetables of these practitioners. Returns how many were made.
    """
    wanted = planned(session, whose, hospital=hospital, start=start, until=until)
    there = _starts(session, whose, start=start, until=until)
    missing = [slot for key, slot in wanted.items() if key not in there]
    _give_back(session, wanted, whose, start=start, until=until)
    return _insert(session, _without_overlaps(session, missing))


def _starts(
    session: Session, whose: list[int], *, start: datetime, until: datetime
) -> set[tuple[int, datetime]]:
    """Only what the unique key holds: the whole hospital's slots are read here."""
    statement = select(Slot.practitioner_id, Slot.starts_at).where(
        Slot.practitioner_id.in_(whose), Slot.starts_at >= start, Slot.starts_at < until
    )
    return {(row.practitioner_id, row.starts_at) for row in session.execute(statement)}


def _without_overlaps(session: Session, slots: list[PlannedSlot]) -> list[PlannedSlot]:
    """Those that do not reach into a time of the practitioner's that is in use already."""
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
    """Times in use are in order and never overlap one another: only the last to begin matters."""
    before = bisect_left(in_use, (slot.ends_at,))
    return before > 0 and in_use[before - 1][1] > slot.starts_at


def _give_back(
    session: Session, wanted: Plan, whose: list[int], *, start: datetime, until: datetime
) -> None:
    """Makes slots that were taken out available again, in the shape that is planned now.

    One whose appointment must still be moved stays out unless it has that shape already.
    """
    same: list[int] = []
    other: list[dict[str, object]] = []
    statement = select(*SHAPE, Slot.id).where(
        Slot.practitioner_id.in_(whose),
        Slot.status == SlotStatus.UNAVAILABLE,
        Slot.starts_at >= start,
        Slot.starts_at < until,
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
    for first in range(0, len(same), BATCH):
        session.execute(_GIVE_BACK, {"slot_ids": same[first : first + BATCH]})


def _insert(session: Session, slots: list[PlannedSlot]) -> int:
    made = 0
    for start in range(0, len(slots), BATCH):
        batch = [
            {**slot._asdict(), "ref": new_ref(), "status": SlotStatus.FREE}
            for slot in slots[start : start + BATCH]
        ]
        made += cast("CursorResult[Any]", session.execute(_INSERT, batch)).rowcount
    return made
