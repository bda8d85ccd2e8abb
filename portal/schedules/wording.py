"""Opening hours and spans of time in words, for messages and pages. Pure."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import groupby

from portal import words
from portal.schedules.rules import Span
from portal.settings.hospital import Hospital


def hours(span: Span, locale: str) -> str:
    """`9am to midday`."""
    return f"{words.clock(span.starts, locale)} to {words.clock(span.ends, locale)}"


def day_and_hours(span: Span, locale: str) -> str:
    """`Tuesday 9am to midday`."""
    return f"{words.weekday(span.weekday, locale)} {hours(span, locale)}"


def week_of(spans: Iterable[Span], locale: str) -> list[tuple[str, str]]:
    """Days and hours of a week in a few lines: `("Monday to Friday", "8am to 6pm")`."""
    found = list(spans)
    by_day = {
        day: ", ".join(hours(span, locale) for span in found if span.weekday == day)
        for day in words.weekdays(locale)
    }
    lines = []
    for said, days in groupby(by_day, key=by_day.__getitem__):
        first, *rest = (words.weekday(day, locale) for day in days)
        lines.append((f"{first} to {rest[-1]}" if rest else first, said))
    return [line for line in lines if line[1]]


def span_of(starts_at: datetime, ends_at: datetime, hospital: Hospital) -> str:
    """From and to in local time, without times if they are whole days."""
    locale = hospital.locale
    starts, ends = hospital.local(starts_at), hospital.local(ends_at)
    first = words.long_day(starts.date(), locale)
    if starts.time() == ends.time() == time.min:
        last = ends.date() - timedelta(days=1)
        return first if last <= starts.date() else f"{first} to {words.long_day(last, locale)}"
    begins = f"{first} from {words.clock_at(starts_at, hospital.zone, locale)}"
    until = words.clock_at(ends_at, hospital.zone, locale)
    if ends.date() == starts.date():
        return f"{begins} to {until}"
    return f"{begins} to {words.long_day(ends.date(), locale)} at {until}"
