from datetime import date

from wtforms import SelectMultipleField
from wtforms.validators import InputRequired

from portal.schedules.absences.actions import AbsenceFacts
from portal.schedules.forms import (
    ClockField,
    ConfirmForm,
    chosen,
    clinic_field,
    practitioner_field,
    reason_field,
)
from portal.web.forms import DateParts

ALL_CLINICS = "all"


class AbsenceForm(ConfirmForm):
    first_day = DateParts("First day", validators=[InputRequired("Enter the first day")])
    starts = ClockField("From (optional)")
    last_day = DateParts("Last day", validators=[InputRequired("Enter the last day")])
    ends = ClockField("Until (optional)")
    reason = reason_field()

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
    """The caller sets the choices of `practitioner`."""

    first_on_page = ("practitioner",)

    practitioner = practitioner_field()


class ClosureForm(AbsenceForm):
    """The caller sets the choices of `location`; one of them is `ALL_CLINICS`."""

    first_on_page = ("location",)

    location = clinic_field()

    @property
    def location_ref(self) -> str | None:
        return None if self.location.data == ALL_CLINICS else str(self.location.data)


class BankHolidayForm(ConfirmForm):
    """The caller sets the choices of `days`, ISO dates."""

    days = SelectMultipleField(
        "Days on which all clinics are closed",
        validate_choice=False,
        validators=[chosen("Choose at least one day from the list")],
    )

    @property
    def dates(self) -> list[date]:
        return [date.fromisoformat(value) for value in sorted(set(self.days.data))]
