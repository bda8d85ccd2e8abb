"""The filters of a search for free times."""

from wtforms import SelectField
from wtforms.validators import Optional

from portal.vocabulary import Mode
from portal.web.forms import FilterForm, RealDateField


class FindForm(FilterForm):
    """The caller sets the choices of clinic and practitioner."""

    clinic = SelectField(
        "Clinic", default="", invalid_choice_message="Choose a clinic from the list"
    )
    practitioner = SelectField(
        "Doctor or nurse",
        default="",
        invalid_choice_message="Choose somebody who works in this clinic",
    )
    mode = SelectField(
        "Type of appointment",
        choices={"": "Any type"} | Mode.choices(),
        default="",
        invalid_choice_message="Choose a type of appointment from the list",
    )
    since = RealDateField("Earliest date", name="from", validators=[Optional()])
    day = RealDateField("Only on this day", validators=[Optional()])
