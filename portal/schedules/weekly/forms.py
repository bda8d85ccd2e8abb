from typing import Any, ClassVar

from wtforms import SelectMultipleField
from wtforms.validators import InputRequired

from portal.models import Schedule
from portal.schedules import wording
from portal.schedules.forms import (
    ConfirmForm,
    ConfirmSeenForm,
    chosen,
    clinic_field,
    ends_field,
    minutes_field,
    mode_field,
    starts_field,
)
from portal.schedules.lookup import WhoseSession
from portal.schedules.rules import Span
from portal.schedules.weekly.placing import SessionFacts
from portal.vocabulary import Mode
from portal.web import current
from portal.web.forms import DateParts
from portal.web.seen import Shown
from portal.words import short_day, weekday, weekdays


class _SessionForm(ConfirmForm):
    """A weekly session. The caller sets the choices of `location`."""

    location = clinic_field()
    starts = starts_field()
    ends = ends_field()
    slot_minutes = minutes_field()
    mode = mode_field()
    valid_from = DateParts("First day", validators=[InputRequired("Enter the first day")])
    valid_to = DateParts("Last day (optional)")

    @property
    def facts(self) -> SessionFacts:
        return SessionFacts(
            location_ref=self.location.data,
            starts=self.starts.data,
            ends=self.ends.data,
            slot_minutes=self.slot_minutes.data,
            mode=Mode(self.mode.data),
            valid_from=self.valid_from.day,
            valid_to=self.valid_to.data,
        )


class SessionForm(_SessionForm, ConfirmSeenForm):
    """A weekly session, to change it."""

    first_on_page: ClassVar[tuple[str, ...]] = ("valid_from",)


class NewSessionForm(_SessionForm):
    """The same session on one weekday or several."""

    first_on_page: ClassVar[tuple[str, ...]] = (
        "weekday",
        "location",
        "starts",
        "ends",
        "slot_minutes",
        "mode",
    )

    weekday = SelectMultipleField(
        "Days of the week",
        validate_choice=False,
        validators=[chosen("Choose at least one day of the week")],
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        locale = current.hospital().locale
        self.weekday.choices = {str(day): weekday(day, locale) for day in weekdays(locale)}

    @property
    def weekdays(self) -> list[int]:
        return [int(value) for value in self.weekday.data]


class EndSessionForm(ConfirmSeenForm):
    last_day = DateParts("Last day", validators=[InputRequired("Enter the last day")])


def session_shown(row: Schedule, whose: WhoseSession) -> Shown:
    locale = current.hospital().locale
    hours = wording.day_and_hours(Span(row.weekday, row.starts, row.ends), locale)
    words = f"{hours}, {whose.location}, {row.mode.title}, {row.slot_minutes} minutes each"
    words += f", from {short_day(row.valid_from, locale)}"
    if row.valid_to:
        words += f" to {short_day(row.valid_to, locale)}"
    values = {
        "location": whose.location_ref,
        "starts": row.starts,
        "ends": row.ends,
        "slot_minutes": row.slot_minutes,
        "mode": row.mode.value,
        "valid_to": row.valid_to,
    }
    return Shown(row.version, words, values)
