"""Finding the first free slots: a few of each of the days that follow the first free one.

Every part of a statement here is a range of one index of `slot`, read in its order with a LIMIT, so
that its cost does not grow with the number of slots.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, literal_column, select, union_all
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed
from portal.appointments import rules
from portal.appointments.statements import slot_is_free
from portal.hospital import Hospital
from portal.models import Location, Mode, Practitioner, PractitionerRole, Slot, SlotStatus
from portal.models.base import Instant, table_of
from portal.models.lookup import Subject
from portal.models.practitioners import PRACTITIONER_NAME

DAYS = 7
A_FEW = 4
A_WHOLE_DAY = 300

_slot = table_of(Slot)
_location = table_of(Location)
_practitioner = table_of(Practitioner)
_role = table_of(PractitionerRole)

_CLINICS: Select[Any] = (
    select(_location.c.id, _location.c.ref, _location.c.name)
    .where(_location.c.active)
    .order_by(_location.c.name)
)
_PRACTITIONERS: Select[Any] = (
    select(
        _practitioner.c.id,
        _practitioner.c.ref,
        PRACTITIONER_NAME,
    )
    .where(_practitioner.c.active)
    .order_by(_practitioner.c.family, _practitioner.c.given)
)
_PRACTITIONERS_OF_CLINIC: Select[Any] = _PRACTITIONERS.join(
    _role, _role.c.practitioner_id == _practitioner.c.id
).where(_role.c.location_id == bindparam("location_id"))


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for. `on` asks for all of one day, `since` for the first days from there."""

    location_id: int | None = None
    practitioner_id: int | None = None
    mode: Mode | None = None
    since: date | None = None
    on: date | None = None


class FoundSlot(NamedTuple):
    """A slot with the names of whom and where."""

    ref: str
    starts_at: datetime
    mode: Mode
    practitioner: str
    location: str


@dataclass(frozen=True, slots=True)
class Day:
    """The free slots of a day, as many as are shown of it."""

    date: date
    slots: Sequence[FoundSlot]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Found:
    days: list[Day] = field(default_factory=list)
    later: date | None = None
    """Where to look on for later days; none when nothing was found."""


def clinics(session: Session) -> Sequence[Row[Any]]:
    """Those that are open for booking: id, ref and name, by name."""
    return session.execute(_CLINICS).all()


def practitioners(session: Session, location_id: int | None) -> Sequence[Row[Any]]:
    """id, ref and practitioner (the name), by name; of one clinic, or of all."""
    if location_id is None:
        return session.execute(_PRACTITIONERS).all()
    return session.execute(_PRACTITIONERS_OF_CLINIC, {"location_id": location_id}).all()


def remember(session: Session, *, by: Actor, subject: Subject, now: datetime, of: str) -> None:
    """Leaves in the audit trail that `by` looked for a time for the patient, or to move `of`."""
    audit.remember(session, by=by, deed=Deed.FIND_SLOTS, now=now, of=of, patient=subject.ref)


def first_free(
    session: Session, *, by: Actor, wish: Wish, hospital: Hospital, now: datetime
) -> Found:
    """The first free slots that `by` may take, a few of each day."""
    values = _values(by, wish, hospital, now)
    if wish.on is not None:
        return _one_day(session, wish, wish.on, values, hospital)
    first = session.execute(_first(_filters(wish)), values).scalar_one_or_none()
    if first is None:
        return Found()
    start = hospital.today(first)
    days = [start + timedelta(days=number) for number in range(DAYS)]
    for number, day in enumerate(days):
        begins, values[f"to_{number}"] = hospital.day(day)
        values[f"from_{number}"] = max(begins, values["from_0"]) if number == 0 else begins
    rows = session.execute(_several_days(_filters(wish)), values).all()
    return Found(_by_day(rows, days, hospital, A_FEW), start + timedelta(days=DAYS))


def _one_day(
    session: Session, wish: Wish, day: date, values: dict[str, Any], hospital: Hospital
) -> Found:
    begins, ends = hospital.day(day)
    values |= {"from_0": max(begins, values["from_0"]), "to_0": ends}
    rows = session.execute(_whole_day(_filters(wish)), values).all()
    return Found(_by_day(rows, [day], hospital, A_WHOLE_DAY), day + timedelta(days=1))


def _filters(wish: Wish) -> frozenset[str]:
    return frozenset(
        name for name in ("location_id", "practitioner_id", "mode") if getattr(wish, name)
    )


def _values(by: Actor, wish: Wish, hospital: Hospital, now: datetime) -> dict[str, Any]:
    earliest = rules.earliest_start(by, hospital, now)
    if wish.since is not None:
        earliest = max(earliest, hospital.day(wish.since)[0])
    # No slot is made further ahead. Without an end MariaDB reads all free slots from the first on.
    furthest = earliest + timedelta(days=hospital.slots_ahead_days + DAYS)
    values: dict[str, Any] = {"now": now, "account_key": by.account_id}
    values |= {"from_0": earliest, "furthest": furthest}
    return values | {name: getattr(wish, name) for name in _filters(wish)}


def taken(
    session: Session, *, by: Actor, wish: Wish, day: date, hospital: Hospital, now: datetime
) -> Sequence[Row[Any]]:
    """The day's slots that somebody has, for putting another patient beside them; the first 300."""
    values = _values(by, wish, hospital, now)
    begins, ends = hospital.day(day)
    values |= {"from_0": max(begins, values["from_0"]), "to_0": ends}
    return session.execute(_taken(_filters(wish)), values).all()


def _between(filters: frozenset[str], number: int, limit: int, *state: Any) -> Select[Any]:
    """The first slots of a span of time in a state, nothing but the slot's own columns."""
    statement = select(
        _slot.c.ref, _slot.c.starts_at, _slot.c.mode, _slot.c.practitioner_id, _slot.c.location_id
    ).where(
        *state,
        _slot.c.starts_at >= bindparam(f"from_{number}", type_=Instant()),
        _slot.c.starts_at < bindparam(f"to_{number}", type_=Instant()),
        *(_slot.c[name] == bindparam(name) for name in sorted(filters)),
    )
    # Written into the statement: seven more values to send would cost more than they are worth.
    return statement.order_by(_slot.c.starts_at, _slot.c.id).limit(literal_column(str(limit)))


@cache
def _first(filters: frozenset[str]) -> Select[Any]:
    return (
        select(_slot.c.starts_at)
        .where(
            *slot_is_free(),
            _slot.c.starts_at >= bindparam("from_0", type_=Instant()),
            _slot.c.starts_at < bindparam("furthest", type_=Instant()),
            *(_slot.c[name] == bindparam(name) for name in sorted(filters)),
        )
        .order_by(_slot.c.starts_at)
        .limit(1)
    )


def _named(slots: Any) -> Select[Any]:
    """Slots with the names of whom and where; `slots` is limited before it is joined."""
    return (
        select(
            slots.c.ref,
            slots.c.starts_at,
            slots.c.mode,
            PRACTITIONER_NAME,
            _location.c.name.label("location"),
        )
        .join(_practitioner, _practitioner.c.id == slots.c.practitioner_id)
        .join(_location, _location.c.id == slots.c.location_id)
        .order_by(slots.c.starts_at, _practitioner.c.family)
    )


@cache
def _several_days(filters: frozenset[str]) -> Select[Any]:
    # A SELECT with its own LIMIT inside a UNION stands in a derived table: SQLite takes no brackets.
    days = [
        _between(filters, number, A_FEW + 1, *slot_is_free()).subquery() for number in range(DAYS)
    ]
    return _named(union_all(*(select(day) for day in days)).subquery())


@cache
def _whole_day(filters: frozenset[str]) -> Select[Any]:
    return _named(_between(filters, 0, A_WHOLE_DAY + 1, *slot_is_free()).subquery())


@cache
def _taken(filters: frozenset[str]) -> Select[Any]:
    return _named(_between(filters, 0, A_WHOLE_DAY, _slot.c.status == SlotStatus.BUSY).subquery())


def _by_day(rows: Sequence[Row[Any]], days: list[date], hospital: Hospital, most: int) -> list[Day]:
    found: dict[date, list[FoundSlot]] = {day: [] for day in days}
    for slot in map(FoundSlot._make, rows):
        found[hospital.today(slot.starts_at)].append(slot)
    return [Day(day, slots[:most], len(slots) > most) for day, slots in found.items() if slots]
