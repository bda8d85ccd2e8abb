"""The search box."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from portal.text import clean_line
from portal.web.forms import PortalForm

SEARCH_LENGTH = 100


class SearchForm(PortalForm):
    text = StringField(
        "Name, date of birth, hospital number or phone number",
        filters=[clean_line],
        validators=[
            DataRequired("Enter a name, date of birth, hospital number or phone number"),
            Length(max=SEARCH_LENGTH, message=f"Use {SEARCH_LENGTH} characters or fewer"),
        ],
    )
