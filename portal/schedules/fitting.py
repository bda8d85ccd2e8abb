"""Checks whether a session is possible: clinic hours, overlaps, lengths. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal import words
from portal.errors import Unfit
from portal.schedules import wording
from portal.schedules.rules import LONGEST_SLOT, SHORTEST_SLOT, Span

LONGEST_ABSENCE = timedelta(days=731)
FURTHEST_AHEAD = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Validity:
    """From a first to a last day, or without an end."""

    first: date
    last: date | None

    def overlaps(self, other: "Validity") -> bool:
        return (self.last is None or other.first <= self.last) and (
            other.last is None or self.first <= other.last
        )


def require_within_hours(span: Span, open_hours: Iterable[Span], clinic: str, locale: str) -> None:
    """The session must be within one span of the clinic's hours. The error names the hours."""
    that_day = [other for other in open_hours if other.weekday == span.weekday]
    if any(span.is_within(other) for other in that_day):
        return
    day = words.weekday(span.weekday, locale)
    if not that_day:
        raise Unfit("weekday", f"{clinic} is closed on {day}s.")
    when = words.listed((wording.hours(other, locale) for other in that_day), locale)
    raise Unfit("starts", f"{clinic} is open on {day}s from {when}. Choose times within these.")


def outside_hours(spans: Iterable[Span], open_hours: Iterable[Span]) -> list[Span]:
    """The sessions that are not within one span of the hours."""
    stretches = list(open_hours)
    return [span for span in spans if not any(span.is_within(other) for other in stretches)]


def require_slot_length(starts: datetime | time, ends: datetime | time, minutes: int) -> None:
    """At least one slot of this length must fit, and the length must be within the limits."""
    shortest, longest = in_minutes(SHORTEST_SLOT), in_minutes(LONGEST_SLOT)
    if not shortest <= minutes <= longest:
        raise Unfit("slot_minutes", f"Choose a length from {shortest} to {longest} minutes.")
    if minutes > _minutes_between(starts, ends):
        raise Unfit("slot_minutes", "The session is shorter than one appointment.")


def left_over(starts: datetime | time, ends: datetime | time, minutes: int) -> int:
    """Minutes at the end of a session that are too few for another appointment."""
    return _minutes_between(starts, ends) % minutes


def require_span_of_absence(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Unfit("last_day", "The end must be after the beginning.")
    if ends_at <= now:
        raise Unfit("last_day", "This is over already. Choose an end in the future.")
    if ends_at - starts_at > LONGEST_ABSENCE:
        raise Unfit("last_day", "Choose two years at most.")


def is_in_reach(day: date, today: date) -> bool:
    """Rejects days so far in the past or future that they must be typing mistakes."""
    return today - LONGEST_ABSENCE <= day <= today + FURTHEST_AHEAD


def require_in_reach(field: str, day: date, today: date, locale: str) -> None:
    if not is_in_reach(day, today):
        earliest, latest = (
            words.short_day(today - LONGEST_ABSENCE, locale),
            words.short_day(today + FURTHEST_AHEAD, locale),
        )
        raise Unfit(field, f"Choose a day from {earliest} to {latest}.")


def in_minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def _minutes_between(starts: datetime | time, ends: datetime | time) -> int:
    if isinstance(starts, datetime) and isinstance(ends, datetime):
        return in_minutes(ends - starts)
    return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
