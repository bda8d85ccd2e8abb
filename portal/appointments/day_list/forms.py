"""Which day of a clinic to show, and whose list."""

from wtforms import SelectField
from wtforms.validators import Optional

from portal.web.forms import FilterForm, RealDateField


class DayForm(FilterForm):
    """The choices of practitioner come from the caller."""

    day = RealDateField("Day", name="date", validators=[Optional()])
    practitioner = SelectField(
        "Doctor or nurse",
        default="",
        invalid_choice_message="Choose somebody who works in this clinic",
    )
