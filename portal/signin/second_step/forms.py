"""The forms about the actor's own second step."""

from wtforms import StringField
from wtforms.validators import DataRequired, Regexp

from portal.web.forms import PortalForm


def _digits(typed: str | None) -> str:
    return "".join((typed or "").split())


class CodeForm(PortalForm):
    code = StringField(
        "Code from the app",
        filters=[_digits],
        validators=[
            DataRequired("Enter the code that the app shows"),
            Regexp(r"[0-9]{6}\Z", message="Enter the 6 digits that the app shows"),
        ],
    )
