"""Checks a weekly session against the clinic, its hours, and the practitioner's week."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import or_, select

from portal.context import Context
from portal.errors import Unfit
from portal.models import Location, Schedule
from portal.schedules import fitting, lookup, wording
from portal.schedules.fitting import Validity
from portal.schedules.rules import Span
from portal.vocabulary import Mode


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The fields of a weekly session that an administrator enters."""

    location_ref: str
    starts: time
    ends: time
    slot_minutes: int
    mode: Mode
    valid_from: date
    valid_to: date | None
    """The last day; None if it has no end."""


def place(context: Context, row: Schedule, facts: SessionFacts) -> None:
    """Sets these facts in the row, which must have its practitioner and weekday, if all rules allow it.

    Raises `Unfit`.
    """
    session, locale = context.session, context.hospital.locale
    clinic = lookup.location(session, facts.location_ref, held=True)
    if not clinic.active or not lookup.works_in(session, row.practitioner_id, clinic.id):
        raise Unfit("location", "They do not work in this clinic. Choose another.")
    if facts.ends <= facts.starts:
        raise Unfit("ends", "The end must be after the beginning.")
    fitting.require_slot_length(facts.starts, facts.ends, facts.slot_minutes)
    fitting.require_in_reach("valid_from", facts.valid_from, context.today, locale)
    if facts.valid_to is not None and facts.valid_to < facts.valid_from:
        raise Unfit("valid_to", "The last day can't be before the first.")
    span = Span(row.weekday, facts.starts, facts.ends)
    fitting.require_within_hours(span, lookup.hours_of(session, clinic.id), clinic.name, locale)
    _require_no_overlap(context, row, span, Validity(facts.valid_from, facts.valid_to))
    row.location_id, row.mode, row.slot_minutes = clinic.id, facts.mode, facts.slot_minutes
    row.starts, row.ends = facts.starts, facts.ends
    row.valid_from, row.valid_to = facts.valid_from, facts.valid_to


def _require_no_overlap(context: Context, row: Schedule, span: Span, valid: Validity) -> None:
    others = context.session.execute(
        select(
            Schedule.starts,
            Schedule.ends,
            Schedule.valid_from,
            Schedule.valid_to,
            Location.name,
        )
        .join(Schedule.location)
        .where(
            Schedule.practitioner_id == row.practitioner_id,
            Schedule.weekday == span.weekday,
            or_(Schedule.valid_to.is_(None), Schedule.valid_to >= valid.first),
            *([Schedule.id != row.id] if row.id else []),
        )
    )
    for other in others:
        theirs = Span(span.weekday, other.starts, other.ends)
        if span.overlaps(theirs) and valid.overlaps(Validity(other.valid_from, other.valid_to)):
            when = wording.day_and_hours(theirs, context.hospital.locale)
            raise Unfit("starts", f"There is a session already: {when} in {other.name}.")
