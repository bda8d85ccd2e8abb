"""Shared fields and forms: times of day, text, choices, and the confirmation."""

import re
from collections.abc import Callable
from datetime import time
from itertools import pairwise
from typing import Any

from wtforms import Field, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from portal import words
from portal.errors import Refused
from portal.schedules.rules import Span
from portal.schedules.slots.taking_out import Effect, Unconfirmed
from portal.schedules.wording import hours
from portal.vocabulary import Mode
from portal.web import current
from portal.web.forms import LineField, PortalForm
from portal.web.seen import SeenForm

_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE | re.ASCII)
_NAMED = {"midday": time(12), "noon": time(12), "midnight": time(0)}
_TO = re.compile(r"\s*(?:\bto\b|\buntil\b|[-–—])\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|;|\band\b)\s*", re.IGNORECASE)

LONGEST_TEXT = 200
"""Limits the length, because searching a long text for times is slow."""

REAL_CLOCK = "Enter a time such as 9:30am or 13:30"
REAL_HOURS = "Enter hours such as 8am to midday, 1pm to 6pm"


def clock_of(text: str) -> time:
    """`9am`, `9:30`, `09.30`, `1330`, `midday`. Raises ValueError for anything ambiguous."""
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
    """The spans of `8am to midday, 1pm to 6pm`; raises ValueError when they overlap or are not in order."""
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
    """A time of day in free form; `data` is a `time`, or None when nothing was typed."""

    data: time | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.said(self.data)

    def said(self, value: time | None) -> str:
        return words.clock(value, current.hospital().locale) if value else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = clock_of(valuelist[0])
            except ValueError:
                raise ValueError(REAL_CLOCK) from None


class HoursField(Field):  # type: ignore[misc]
    """A clinic's hours on one weekday. `data` is a list of spans, empty if it is closed."""

    data: list[Span] | None

    def __init__(self, label: str, weekday: int = 0, **options: Any) -> None:
        super().__init__(label, **options)
        self.weekday = weekday

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.said(self.data)

    def said(self, value: list[Span] | None) -> str:
        locale = current.hospital().locale
        return ", ".join(hours(span, locale) for span in value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = []
        if valuelist:
            try:
                self.data = hours_of(valuelist[0], self.weekday)
            except ValueError:
                raise ValueError(REAL_HOURS) from None


class MinutesField(IntegerField):  # type: ignore[misc]
    """A whole number of minutes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a number of minutes, such as 20") from None


class ConfirmForm(PortalForm):
    """A change that takes slots out. `confirmed` identifies the booked times that were shown."""

    confirmed = HiddenField()
    effect: Effect | None = None
    """The booked times to confirm."""

    def say(self, fault: Refused) -> None:
        if isinstance(fault, Unconfirmed):
            self.effect = fault.effect
            self.confirmed.data = fault.effect.fingerprint
        else:
            super().say(fault)


class ConfirmSeenForm(ConfirmForm, SeenForm):
    """The same for a change of an existing row."""


def line(label: str, longest: int, missing: str = "") -> Any:
    """A line of text. With `missing`, the field is required and `missing` is its error message."""
    required = [DataRequired(missing)] if missing else []
    return LineField(label, validators=[*required, at_most(longest)])


def at_most(length: int) -> Length:
    return Length(max=length, message=f"Use {length} characters or fewer")


def clinic_field() -> Any:
    return SelectField(
        "Clinic", validate_choice=False, validators=[chosen("Choose a clinic from the list")]
    )


def practitioner_field() -> Any:
    return SelectField(
        "Practitioner", validate_choice=False, validators=[chosen("Choose who from the list")]
    )


def starts_field() -> Any:
    return ClockField("Starts at", validators=[InputRequired("Enter when it starts")])


def ends_field() -> Any:
    return ClockField("Ends at", validators=[InputRequired("Enter when it ends")])


def minutes_field() -> Any:
    required = InputRequired("Enter how long one appointment takes")
    return MinutesField("Minutes for one appointment", validators=[required])


def mode_field() -> Any:
    return RadioField(
        "Type of appointment",
        choices=Mode.choices(),
        default=Mode.IN_PERSON.value,
        validate_choice=False,
        validators=[chosen("Choose the type of appointment")],
    )


def reason_field() -> Any:
    return line("Reason", 200, "Enter a reason")


def chosen(message: str) -> Callable[[Any, Any], None]:
    """Requires one of the field's choices."""

    def check(_: Any, field: Any) -> None:
        offered = {str(value) for value, *_ in field.iter_choices()} - {""}
        found = field.data if isinstance(field.data, list) else [field.data]
        if not found or not {str(value) for value in found} <= offered:
            raise ValidationError(message)

    return check
