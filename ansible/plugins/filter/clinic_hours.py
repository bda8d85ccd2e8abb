"""Whether a moment is in the hours between two cron schedules. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DOCUMENTATION = """
name: in_clinic
short_description: Whether a moment lies in the clinic's hours
description:
  - Whichever came last decides, the start of the hours or their end, so that a weekend belongs to
    the night before it.
positional: _input, begins, ends, zone
options:
  _input:
    description: The moment as ISO 8601 writes it, with its offset from UTC.
    type: str
    required: true
  begins:
    description: When the hours begin, as five fields of cron.
    type: str
    required: true
  ends:
    description: When they end.
    type: str
    required: true
  zone:
    description: The time zone of both.
    type: str
    required: true
"""

EXAMPLES = """
by_day: "{{ '2026-11-30T09:00:00+00:00' | in_clinic('30 6 * * *', '0 20 * * *', 'Europe/London') }}"
"""

RETURN = """
_value:
  description: Whether the moment lies in the hours.
  type: bool
"""

LOOKED_BACK = timedelta(days=14)
MINUTE = timedelta(minutes=1)
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def in_clinic(now: str, begins: str, ends: str, zone: str) -> bool:
    """Raises ValueError for anything but five cron fields."""
    moment = datetime.fromisoformat(now).astimezone(ZoneInfo(zone))
    moment = moment.replace(second=0, microsecond=0, tzinfo=None)
    begin, end = matcher(begins), matcher(ends)
    for minutes in range(LOOKED_BACK // MINUTE):
        past = moment - minutes * MINUTE
        if begin(past):
            return True
        if end(past):
            return False
    return False


def matcher(schedule: str) -> Callable[[datetime], bool]:
    """Whether cron would run at this minute. Both day fields must match, as in cron when one of them is *."""
    fields = schedule.split()
    if len(fields) != 5:
        raise ValueError(f"'{schedule}' is not five fields as cron writes them")
    minutes, hours, days, months, weekdays = (
        set(numbers(field, first, last, names))
        for field, (first, last, names) in zip(
            fields,
            ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, MONTHS), (0, 7, DAYS)),
            strict=True,
        )
    )
    weekdays = {number % 7 for number in weekdays}
    return lambda at: (
        at.minute in minutes
        and at.hour in hours
        and at.day in days
        and at.month in months
        and at.isoweekday() % 7 in weekdays
    )


def numbers(field: str, first: int, last: int, names: tuple[str, ...]) -> Iterator[int]:
    """The values of one field: *, numbers and names, their ranges, lists and steps."""
    for part in field.upper().split(","):
        span, _, step = part.partition("/")
        begin, _, end = span.partition("-")
        low = first if span == "*" else _number(begin, first, names)
        high = last if span == "*" or (step and not end) else _number(end or begin, first, names)
        yield from range(low, high + 1, int(step or 1))


def _number(word: str, first: int, names: tuple[str, ...]) -> int:
    return names.index(word) + first if word in names else int(word)


class FilterModule:
    """How Ansible finds it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"in_clinic": in_clinic}
