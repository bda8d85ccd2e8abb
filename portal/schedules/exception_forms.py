"""Forms for leave, closures, extra clinics and bank holidays."""

from datetime import date
from typing import Any

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from portal.models import Mode
from portal.schedules.absence_actions import AbsenceFacts
from portal.schedules.clinic_forms import ConfirmForm, at_most
from portal.schedules.clock_forms import ClockField, LineField, chosen
from portal.schedules.extra_actions import ExtraFacts
from portal.schedules.schedule_forms import (
    clinic_field,
    ends_field,
    minutes_field,
    mode_field,
    starts_field,
)
from portal.web.forms import DateParts

ALL_CLINICS = "all"
LONGEST_REASON = 200


def practitioner_field() -> Any:
    return SelectField(
        "Practitioner", validate_choice=False, validators=[chosen("Choose who from the list")]
    )


def reason_field(message: str) -> Any:
    return LineField("Reason", validators=[DataRequired(message), at_most(LONGEST_REASON)])


class AbsenceForm(ConfirmForm):
    first_day = DateParts("First day", validators=[InputRequired("Enter the first day")])
    starts = ClockField("From (optional)")
    last_day = DateParts("Last day", validators=[InputRequired("Enter the last day")])
    ends = ClockField("Until (optional)")
    reason = reason_field("Enter a reason")

    @property
    def facts(self) -> AbsenceFacts:
        return AbsenceFacts(
            first_day=self.first_day.day,
            last_day=self.last_day.day,
            starts=self.starts.data,
            ends=self.ends.data,
            reason=self.reason.data,
        )


class LeaveForm(AbsenceForm):
    """The choices of `practitioner` come from the caller."""

    practitioner = practitioner_field()


class ClosureForm(AbsenceForm):
    """The choices of `location` come from the caller; the first of them is `ALL_CLINICS`."""

    location = clinic_field()

    @property
    def location_ref(self) -> str | None:
        return None if self.location.data == ALL_CLINICS else str(self.location.data)


class ExtraForm(ConfirmForm):
    """The choices of `practitioner` and `location` come from the caller."""

    practitioner = practitioner_field()
    location = clinic_field()
    day = DateParts("Day", validators=[InputRequired("Enter the day")])
    starts = starts_field()
    ends = ends_field()
    slot_minutes = minutes_field()
    mode = mode_field()
    reason = reason_field("Enter a reason")

    @property
    def facts(self) -> ExtraFacts:
        return ExtraFacts(
            location_ref=self.location.data,
            day=self.day.day,
            starts=self.starts.data,
            ends=self.ends.data,
            slot_minutes=self.slot_minutes.data,
            mode=Mode(self.mode.data),
            reason=self.reason.data,
        )


class BankHolidayForm(ConfirmForm):
    """The choices of `days`, ISO dates, come from the caller."""

    days = SelectMultipleField(
        "Days on which all clinics are closed",
        validate_choice=False,
        validators=[chosen("Choose at least one day from the list")],
    )

    @property
    def dates(self) -> list[date]:
        return [date.fromisoformat(value) for value in sorted(set(self.days.data))]
