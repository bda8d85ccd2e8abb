"""Fields for times of day, text and choices, as the forms of this feature share them."""

import re
from collections.abc import Callable
from datetime import time
from itertools import pairwise
from typing import Any

from wtforms import Field, StringField
from wtforms.validators import ValidationError

from portal.hospital import clock_in_words
from portal.schedules.rules import Span
from portal.schedules.wording import hours

_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE | re.ASCII)
_NAMED = {"midday": time(12), "noon": time(12), "midnight": time(0)}
_TO = re.compile(r"\s*(?:\bto\b|\buntil\b|[-–—])\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|;|\band\b)\s*", re.IGNORECASE)

LONGEST_TEXT = 200
"""Looking for a time in much more would take long."""

REAL_CLOCK = "Enter a time such as 9:30am or 13:30"
REAL_HOURS = "Enter hours such as 8am to midday, 1pm to 6pm"


def clock_of(text: str) -> time:
    """`9am`, `9:30`, `09.30`, `1330`, `midday`; raises ValueError for what can't be told apart."""
    typed = text.strip()
    if len(typed) > LONGEST_TEXT:
        raise ValueError("too long to be a time of day")
    if typed.lower() in _NAMED:
        return _NAMED[typed.lower()]
    found = _CLOCK.fullmatch(typed)
    if found is None or not (found[2] or found[3]):
        raise ValueError(typed)
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise ValueError(typed)
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    return time(hour, minute)


def hours_of(text: str, weekday: int) -> list[Span]:
    """`8am to midday, 1pm to 6pm` in order; raises ValueError when backwards or overlapping."""
    if len(text) > LONGEST_TEXT:
        raise ValueError("too long to be the hours of a day")
    spans = []
    for part in filter(None, _AND.split(text.strip())):
        starts, ends = (clock_of(end) for end in _TO.split(part))
        if ends <= starts:
            raise ValueError(part)
        spans.append(Span(weekday, starts, ends))
    spans.sort(key=lambda span: span.starts)
    if any(first.ends > second.starts for first, second in pairwise(spans)):
        raise ValueError(text)
    return spans


class ClockField(Field):  # type: ignore[misc]
    """A time of day as people write it; `data` is a `time`, or None when nothing was typed."""

    data: time | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return clock_in_words(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = clock_of(valuelist[0])
            except ValueError:
                raise ValueError(REAL_CLOCK) from None


class HoursField(Field):  # type: ignore[misc]
    """A clinic's hours on one weekday; `data` is a list of spans, empty when it is closed."""

    data: list[Span] | None

    def __init__(self, label: str, weekday: int = 0, **options: Any) -> None:
        super().__init__(label, **options)
        self.weekday = weekday

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(hours(span) for span in self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = []
        if valuelist:
            try:
                self.data = hours_of(valuelist[0], self.weekday)
            except ValueError:
                raise ValueError(REAL_HOURS) from None


class LineField(StringField):  # type: ignore[misc]
    """One line of text, without what can't be printed and without spaces that nobody means."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = printable(" ".join(valuelist[0].split())) if valuelist else ""


def printable(text: str | None) -> str:
    """The text without control characters; lines stay lines."""
    return "".join(sign for sign in text or "" if sign.isprintable() or sign == "\n").strip()


def chosen(message: str) -> Callable[[Any, Any], None]:
    """What was chosen, one or several, is among the field's choices, and is not nothing."""

    def check(_: Any, field: Any) -> None:
        offered = {str(value) for value, *_ in field.iter_choices()} - {""}
        found = field.data if isinstance(field.data, list) else [field.data]
        if not found or not {str(value) for value in found} <= offered:
            raise ValidationError(message)

    return check
