"""How days, hours and numbers are put into words, in messages and on pages. Pure."""

from calendar import day_name
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby

from portal.hospital import Hospital, clock_in_words
from portal.schedules.rules import Span


def hours(span: Span) -> str:
    """`9am to midday`."""
    return f"{clock_in_words(span.starts)} to {clock_in_words(span.ends)}"


def day_and_hours(span: Span) -> str:
    """`Tuesday 9am to midday`."""
    return f"{day_name[span.weekday]} {hours(span)}"


def week_of(spans: Iterable[Span]) -> list[tuple[str, str]]:
    """Days and hours of a week in few lines: `("Monday to Friday", "8am to 6pm")`."""
    by_day = [", ".join(hours(span) for span in spans if span.weekday == day) for day in range(7)]
    lines = []
    for words, days in groupby(range(7), key=by_day.__getitem__):
        first, *rest = days
        name = f"{day_name[first]} to {day_name[rest[-1]]}" if rest else day_name[first]
        lines.append((name, words))
    return [line for line in lines if line[1]]


def long_day(day: date) -> str:
    """`Tuesday 3 March 2026`."""
    return f"{day:%A} {short_day(day)}"


def short_day(day: date) -> str:
    """`3 March 2026`."""
    return f"{day.day} {day:%B %Y}"


def span_of(starts_at: datetime, ends_at: datetime, hospital: Hospital) -> str:
    """From and to, in whole days where they are whole, on the hospital's clocks."""
    starts, ends = hospital.local(starts_at), hospital.local(ends_at)
    if starts.time() == ends.time() == time.min:
        last = ends.date() - timedelta(days=1)
        first = long_day(starts.date())
        return first if last <= starts.date() else f"{first} to {long_day(last)}"
    begins = f"{long_day(starts.date())} from {clock_in_words(starts.time())}"
    until = clock_in_words(ends.time())
    if ends.date() == starts.date():
        return f"{begins} to {until}"
    return f"{begins} to {long_day(ends.date())} at {until}"


def listed(parts: Iterable[str]) -> str:
    """`a, b and c`."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def counted(number: int, what: str) -> str:
    """`1 free time`, `12 free times`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
