"""The forms about who acts for whom: codes, accounts, relationships."""

from collections.abc import Iterable

from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length

from portal.patients.access.queries import Proxy
from portal.text import EMAIL_LENGTH, clean_line
from portal.vocabulary import Relationship
from portal.web import current
from portal.web.forms import DateParts, PortalForm
from portal.web.seen import Shown
from portal.words import short_day

CODE_LENGTH = 40


class RelationshipForm(PortalForm):
    """The relationship of the person who will act for the patient."""

    relationship = RadioField(
        "Relationship to the patient",
        choices=Relationship.choices(),
        validators=[DataRequired("Choose the relationship to the patient")],
        invalid_choice_message="Choose one from the list",
    )

    def offer(self, kinds: Iterable[Relationship]) -> None:
        """Offers only these relationships. The action checks the submitted one."""
        self.relationship.choices = [(kind.value, kind.title) for kind in kinds]

    @property
    def chosen(self) -> Relationship:
        return Relationship(self.relationship.data)


class ClaimForm(PortalForm):
    code = StringField(
        "Code",
        filters=[clean_line],
        validators=[
            DataRequired("Enter the code that reception gave you"),
            Length(max=CODE_LENGTH, message="Enter the code as it is printed. It is shorter"),
        ],
    )
    birth_date = DateParts(
        "Date of birth of the person whose record it is", [DataRequired("Enter the date of birth")]
    )


class AccountForm(PortalForm):
    typed = StringField(
        "Email address of their account, or their own hospital number",
        filters=[clean_line],
        validators=[
            DataRequired("Enter an email address or a hospital number"),
            Length(max=EMAIL_LENGTH, message="Enter something shorter"),
        ],
    )


def proxy_shown(related: Proxy) -> Shown:
    words, locale = f"{related.name}, {related.relationship_kind.title}", current.hospital().locale
    if related.ended_at:
        words += ", ended"
    elif related.ends_on:
        words += f", until {short_day(related.ends_on, locale)}"
    return Shown(related.version, words)
