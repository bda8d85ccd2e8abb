"""Why a session can't be as somebody asks: clinic hours, overlaps, lengths. Pure."""

from calendar import day_name
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.errors import Unfit
from portal.schedules import wording
from portal.schedules.rules import LONGEST_SLOT, SHORTEST_SLOT, Span

LONGEST_ABSENCE = timedelta(days=731)
FURTHEST_AHEAD = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Validity:
    """From the first to the last day on which something holds; open-ended without a last one."""

    first: date
    last: date | None

    def overlaps(self, other: "Validity") -> bool:
        return (self.last is None or other.first <= self.last) and (
            other.last is None or self.first <= other.last
        )


def require_within_hours(span: Span, open_hours: Iterable[Span], clinic: str) -> None:
    """The session lies in one stretch of the clinic's hours; the refusal names them."""
    that_day = [other for other in open_hours if other.weekday == span.weekday]
    if any(span.is_within(other) for other in that_day):
        return
    day = day_name[span.weekday]
    if not that_day:
        raise Unfit("weekday", f"{clinic} is closed on {day}s.")
    when = wording.listed(wording.hours(other) for other in that_day)
    raise Unfit("starts", f"{clinic} is open on {day}s from {when}. Choose times within these.")


def outside_hours(spans: Iterable[Span], open_hours: Iterable[Span]) -> list[Span]:
    """Those that lie in no single stretch of the hours."""
    stretches = list(open_hours)
    return [span for span in spans if not any(span.is_within(other) for other in stretches)]


def require_slot_length(starts: datetime | time, ends: datetime | time, minutes: int) -> None:
    """At least one slot of this length, within the limits, fits in."""
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


def require_in_reach(field: str, day: date, today: date) -> None:
    """Not so long ago, and not so far ahead, that it must be a slip of the keyboard."""
    if not today - LONGEST_ABSENCE <= day <= today + FURTHEST_AHEAD:
        earliest, latest = (
            wording.short_day(today - LONGEST_ABSENCE),
            wording.short_day(today + FURTHEST_AHEAD),
        )
        raise Unfit(field, f"Choose a day from {earliest} to {latest}.")


def in_minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def _minutes_between(starts: datetime | time, ends: datetime | time) -> int:
    if isinstance(starts, datetime) and isinstance(ends, datetime):
        return in_minutes(ends - starts)
    return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
