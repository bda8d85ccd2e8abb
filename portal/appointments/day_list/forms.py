"""The filters of the day list: day and practitioner."""

from wtforms import SelectField
from wtforms.validators import Optional

from portal.web.forms import FilterForm, RealDateField


class DayForm(FilterForm):
    """The caller sets the choices of practitioner."""

    day = RealDateField("Day", name="date", validators=[Optional()])
    practitioner = SelectField(
        "Doctor or nurse",
        default="",
        invalid_choice_message="Choose somebody who works in this clinic",
    )
