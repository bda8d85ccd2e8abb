"""A clinic's day: who comes when and to whom, and how far each visit is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.access import Deed, Relation, relations
from portal.appointments.attendance.rules import STEP_DEEDS
from portal.appointments.day_list import statements
from portal.appointments.day_list.clinics import OpenedClinic
from portal.appointments.day_list.statements import PAGE, Count, Line, Position
from portal.appointments.finding.choices import Choice
from portal.appointments.rules import may_read_reason, phase_of
from portal.context import Context
from portal.models import Location
from portal.models.paging import key_values
from portal.models.rows import rows
from portal.vocabulary import Phase, Step


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list somebody asks for."""

    clinic: OpenedClinic
    day: date
    practitioner: Choice | None = None
    """None for everybody's."""
    start: str | None = None
    """The appointment at which the page begins; none for the first page."""


@dataclass(frozen=True, slots=True)
class DayList:
    """A page of the day, or all of it."""

    lines: Sequence[Line]
    totals: dict[Phase, int]
    """How many appointments of the whole day are in each phase; only those that are not zero."""
    links: bool
    """Whether the reader may open the patients' own pages."""
    opens_record: bool
    """Whether a name leads to the record, and not to the appointment."""
    unsigned: int
    """Notes that the reader has begun and not signed."""
    allowed: frozenset[Step]
    """The steps that the reader may take on this day."""
    now: datetime
    previous: str | None = None
    """Where the page before begins, if this is not the first page."""
    next: str | None = None

    def steps(self, line: Line) -> list[Step]:
        """The steps that the reader may take with an appointment now."""
        return [step for step in line.standing.steps(self.now) if step in self.allowed]


def day_page(context: Context, asked: Asked) -> DayList:
    """One page of the list, for a clinic that was found with `clinics.clinic`."""
    filters, values = _asked(context, asked)
    position = _position(context, filters, values | {"start": asked.start})
    if position is not None:
        values |= key_values(position)
    statement = statements.page(
        filters,
        with_reason=may_read_reason(context.by),
        goes_on=position is not None,
    )
    lines = rows(context.session, Line, statement, values)
    previous = _previous(context, filters, values) if position is not None else None
    following = lines[PAGE].ref if len(lines) > PAGE else None
    return _list(context, asked, lines[:PAGE], previous, following)


def whole_day(context: Context, asked: Asked) -> DayList:
    """The whole list, for printing."""
    filters, values = _asked(context, asked)
    statement = statements.lines(filters, with_reason=may_read_reason(context.by))
    return _list(context, asked, rows(context.session, Line, statement, values), None, None)


def lines_of_clinics(
    context: Context, location_ids: Collection[int], begins: datetime, ends: datetime
) -> list[Line]:
    """For the copies that are kept for downtime, without the reasons for coming."""
    context.require(Deed.WRITE_DOWNTIME_LISTS)
    values = {"location_ids": list(location_ids), "begins": begins, "ends": ends}
    return rows(context.session, Line, statements.lines_of_clinics(), values)


def _asked(context: Context, asked: Asked) -> tuple[frozenset[str], dict[str, Any]]:
    """The filters, and the values of the bind parameters."""
    begins, ends = context.hospital.day(asked.day)
    filters = {"location_id": asked.clinic.id}
    if asked.practitioner is not None:
        filters["practitioner_id"] = asked.practitioner.id
    return frozenset(filters), {"begins": begins, "ends": ends, **filters}


def _position(context: Context, filters: frozenset[str], values: dict[str, Any]) -> Position | None:
    """Where the page begins; None for the first page, or if that appointment is no longer on this day."""
    if values["start"] is None:
        return None
    found = rows(context.session, Position, statements.position(filters), values)
    return found[0] if found else None


def _previous(context: Context, filters: frozenset[str], values: dict[str, Any]) -> str | None:
    before = context.session.scalars(statements.page_before(filters), values).all()
    return before[-1] if before else None


def _list(
    context: Context,
    asked: Asked,
    lines: Sequence[Line],
    previous: str | None,
    following: str | None,
) -> DayList:
    of = Location.reference(asked.clinic.ref)
    practitioner = asked.practitioner and asked.practitioner.ref
    context.remember(Deed.SEE_DAY_LIST, of=of, day=asked.day.isoformat(), practitioner=practitioner)
    return DayList(
        lines,
        _totals(context, asked),
        links=_may_open_patients(context, asked.day),
        opens_record=context.may(Deed.SEE_RECORD),
        unsigned=asked.clinic.unsigned,
        allowed=_steps_of(context) if asked.day == context.today else frozenset(),
        now=context.now,
        previous=previous,
        next=following,
    )


def _totals(context: Context, asked: Asked) -> dict[Phase, int]:
    filters, values = _asked(context, asked)
    totals = dict.fromkeys(Phase, 0)
    for count in rows(context.session, Count, statements.counts(filters), values):
        totals[phase_of(count.status, count.encounter_status)] += count.number
    return {phase: number for phase, number in totals.items() if number}


def _steps_of(context: Context) -> frozenset[Step]:
    return frozenset(step for step, deed in STEP_DEEDS.items() if context.may(deed))


def _may_open_patients(context: Context, day: date) -> bool:
    """A list can be of a day so far away that its patients are not yet, or no longer, the clinician's."""
    if Relation.ANYONE in relations(context.by, Deed.SEE_APPOINTMENTS):
        return True
    begins, _ = context.hospital.day(day)
    first = context.now - timedelta(days=context.hospital.care_team_days_before)
    last = context.now + timedelta(days=context.hospital.care_team_days_after)
    return first <= begins and begins + timedelta(days=1) <= last
