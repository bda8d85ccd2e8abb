"""Leave and closures: their times are taken out, and given back when they end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import Refused, Unfit
from portal.hospital import Hospital
from portal.models import ExceptionKind, ScheduleException, Slot, new_ref
from portal.schedules import fitting, lookup
from portal.schedules.rebooking import Effect, require_confirmed, take_out
from portal.schedules.rules import LONGEST_SLOT, boundary
from portal.schedules.timetable import lock


@dataclass(frozen=True, slots=True)
class AbsenceFacts:
    """From a day to a day, both included; or from and to a time on them."""

    first_day: date
    last_day: date
    starts: time | None
    ends: time | None
    reason: str

    def span(self, hospital: Hospital, now: datetime) -> tuple[datetime, datetime]:
        """The instants, once the rules agree; raises `Unfit`."""
        today = hospital.today(now)
        fitting.require_in_reach("first_day", self.first_day, today)
        fitting.require_in_reach("last_day", self.last_day, today)
        starts_at = boundary(self.first_day, self.starts or time.min, hospital.zone)
        ends_at = (
            boundary(self.last_day, self.ends, hospital.zone)
            if self.ends
            else boundary(self.last_day + timedelta(days=1), time.min, hospital.zone)
        )
        fitting.require_span_of_absence(starts_at, ends_at, now)
        return starts_at, ends_at


def add_leave(
    session: Session,
    *,
    by: Actor,
    practitioner_ref: str,
    facts: AbsenceFacts,
    confirmed: str | None,
    hospital: Hospital,
    now: datetime,
) -> Effect:
    """Takes the practitioner's times out while they are away.

    Raises `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    require(by, Deed.MANAGE_SCHEDULES)
    whose = lookup.practitioner(session, practitioner_ref)
    lock(session, whose.id)
    row = _row(ExceptionKind.LEAVE, facts, hospital, now, practitioner_id=whose.id)
    same = ScheduleException.practitioner_id == whose.id
    _require_no_other(session, row, same, "They are away already in that time: {}.")
    return _keep(session, by, [row], confirmed, now)


def add_closures(
    session: Session,
    *,
    by: Actor,
    location_ref: str | None,
    closures: Iterable[AbsenceFacts],
    confirmed: str | None,
    hospital: Hospital,
    now: datetime,
) -> Effect:
    """Closes one clinic, or without `location_ref` all of them, at one or several times.

    Raises `Unfit`, or `Unconfirmed` with the booked times that must be rebooked.
    """
    require(by, Deed.MANAGE_SCHEDULES)
    lock(session)
    clinic_id = lookup.location(session, location_ref).id if location_ref else None
    rows = [
        _row(ExceptionKind.CLOSURE, facts, hospital, now, location_id=clinic_id)
        for facts in closures
    ]
    same = or_(ScheduleException.location_id.is_(None), ScheduleException.location_id == clinic_id)
    for row in rows:
        _require_no_other(session, row, same, "This is closed already in that time: {}.")
    return _keep(session, by, rows, confirmed, now)


def concerned(row: ScheduleException, now: datetime) -> list[ColumnElement[bool]]:
    """The slots ahead into which the absence reaches."""
    clauses: list[ColumnElement[bool]] = [
        Slot.starts_at >= max(now, row.starts_at - LONGEST_SLOT),
        Slot.starts_at < row.ends_at,
        Slot.ends_at > row.starts_at,
    ]
    if row.practitioner_id is not None:
        clauses.append(Slot.practitioner_id == row.practitioner_id)
    if row.location_id is not None:
        clauses.append(Slot.location_id == row.location_id)
    return clauses


def _row(
    kind: ExceptionKind, facts: AbsenceFacts, hospital: Hospital, now: datetime, **where: int | None
) -> ScheduleException:
    starts_at, ends_at = facts.span(hospital, now)
    return ScheduleException(
        ref=new_ref(),
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=facts.reason,
        **where,
    )


def _require_no_other(
    session: Session, row: ScheduleException, same: ColumnElement[bool], message: str
) -> None:
    other = session.scalars(
        select(ScheduleException.reason).where(
            same,
            ScheduleException.kind == row.kind,
            ScheduleException.starts_at < row.ends_at,
            ScheduleException.ends_at > row.starts_at,
        )
    ).first()
    if other is not None:
        raise Unfit("first_day", message.format(other or "no reason given"))


def _keep(
    session: Session,
    by: Actor,
    rows: list[ScheduleException],
    confirmed: str | None,
    now: datetime,
) -> Effect:
    if not rows:
        raise Refused("Choose at least one day.")
    session.add_all(rows)
    session.flush()
    effect = take_out(session, or_(*(and_(*concerned(row, now)) for row in rows)))
    require_confirmed(effect, confirmed)
    for row in rows:
        audit.remember(
            session,
            by=by,
            deed=Deed.MANAGE_SCHEDULES,
            now=now,
            of=ScheduleException.reference(row.ref),
            step="add",
            **effect.counts,
        )
    return effect
