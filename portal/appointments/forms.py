"""What people fill in: what they look for, why they come, why they cancel."""

from datetime import date
from typing import Any

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from portal.models import Mode
from portal.web.forms import FilterForm, PortalForm

LONGEST = 500
TOO_LONG = f"Use {LONGEST} characters or fewer"
REAL_DATE = "Enter a real date, such as 27/03/2026"
OTHER = "Another reason"
CANCEL_REASONS = (
    "Can't come at that time",
    "No longer needed",
    "Too unwell to come",
    "No way to get there",
    OTHER,
)
MODES = {"": "Any way"} | {mode.value: mode.title for mode in Mode}


def stripped(text: str | None) -> str:
    return (text or "").strip()


class RealDateField(DateField):  # type: ignore[misc]
    """A date as browsers send it (ISO 8601), within the years that a calendar can be counted in."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(REAL_DATE) from None
        if self.data is not None and not 1900 <= self.data.year <= 2200:
            self.data = None
            raise ValueError(REAL_DATE)


class FindForm(FilterForm):
    """What somebody looks for. The choices of clinic and practitioner come from the caller."""

    clinic = SelectField(
        "Clinic", default="", invalid_choice_message="Choose a clinic from the list"
    )
    practitioner = SelectField(
        "Doctor or nurse",
        default="",
        invalid_choice_message="Choose somebody who works in this clinic",
    )
    mode = SelectField(
        "How to meet",
        choices=MODES,
        default="",
        invalid_choice_message="Choose how to meet from the list",
    )
    since = RealDateField("Not before", name="from", validators=[Optional()])
    day = RealDateField("Only on this day", validators=[Optional()])


class DayForm(FilterForm):
    """Which day of a clinic, and whose. The choices of practitioner come from the caller."""

    day = RealDateField("Day", name="date", validators=[Optional()])
    practitioner = SelectField(
        "Whose list",
        default="",
        invalid_choice_message="Choose somebody who works in this clinic",
    )


class BookForm(PortalForm):
    about = TextAreaField(
        "What is it about? (optional)",
        filters=[stripped],
        validators=[Length(max=LONGEST, message=TOO_LONG)],
    )


class OverbookForm(PortalForm):
    why = TextAreaField(
        "Why is somebody else put into this time?",
        filters=[stripped],
        validators=[
            DataRequired("Enter why somebody else is put into this time"),
            Length(max=LONGEST, message=TOO_LONG),
        ],
    )


class CancelForm(PortalForm):
    choice = RadioField(
        "Why is it cancelled?",
        choices=list(CANCEL_REASONS),
        invalid_choice_message="Choose why it is cancelled",
    )
    other = StringField(
        "The other reason",
        filters=[stripped],
        validators=[Length(max=LONGEST, message=TOO_LONG)],
    )

    def validate_other(self, field: Any) -> None:
        if self.choice.data == OTHER and not field.data:
            raise ValidationError("Enter the other reason")

    @property
    def why(self) -> str:
        """What is kept: the common reason, or the words typed beside "Another reason"."""
        return str(self.other.data if self.choice.data == OTHER else self.choice.data)
