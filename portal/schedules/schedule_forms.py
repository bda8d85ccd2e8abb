"""Forms for weekly sessions."""

from calendar import day_name
from typing import Any

from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from portal.models import Mode
from portal.schedules.clinic_forms import ConfirmForm
from portal.schedules.clock_forms import ClockField, chosen
from portal.schedules.placing import SessionFacts
from portal.web.forms import DateParts

WEEKDAYS = {str(number): name for number, name in enumerate(day_name)}
MODES = {mode.value: mode.title for mode in Mode}


class MinutesField(IntegerField):  # type: ignore[misc]
    """A whole number of minutes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a number of minutes, such as 20") from None


def clinic_field() -> Any:
    return SelectField(
        "Clinic", validate_choice=False, validators=[chosen("Choose a clinic from the list")]
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
        "How they meet",
        choices=MODES,
        default=Mode.IN_PERSON.value,
        validate_choice=False,
        validators=[chosen("Choose how they meet")],
    )


class SessionForm(ConfirmForm):
    """A weekly session, to change it. The choices of `location` come from the caller."""

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


class NewSessionForm(SessionForm):
    """The same session on one weekday or several."""

    weekday = SelectMultipleField(
        "Days of the week",
        choices=WEEKDAYS,
        validate_choice=False,
        validators=[chosen("Choose at least one day of the week")],
    )

    @property
    def weekdays(self) -> list[int]:
        return [int(value) for value in self.weekday.data]


class EndSessionForm(ConfirmForm):
    last_day = DateParts("Last day", validators=[InputRequired("Enter the last day")])
