"""Whose sign-ins an administrator ends."""

from wtforms.validators import DataRequired, Length

from portal import text
from portal.web.forms import LineField, PortalForm

LONGEST_EMAIL = 254


class EmailField(LineField):
    def clean(self, typed: str) -> str:
        return text.clean_email(typed)


class EndSessionsForm(PortalForm):
    email = EmailField(
        "Email address",
        validators=[
            DataRequired("Enter the email address that they sign in with"),
            Length(max=LONGEST_EMAIL, message=f"Use {LONGEST_EMAIL} characters or fewer"),
        ],
    )
