"""What is filled in about who acts for whom: codes, accounts, relationships, merges."""

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.models import Relationship
from portal.patients import demographics as rules
from portal.web.forms import DateParts, PortalForm

CODE_LENGTH = 40
RELATIONSHIPS = {
    Relationship.ONESELF: "The patient",
    Relationship.PARENT: "Parent",
    Relationship.GUARDIAN: "Guardian",
    Relationship.CARER: "Carer",
}


class RelationshipForm(PortalForm):
    """As what somebody will act for the patient."""

    relationship = RadioField(
        "What are they to the patient?",
        validators=[DataRequired("Choose what they are to the patient")],
        invalid_choice_message="Choose one from the list",
    )

    def __init__(self, *kinds: Iterable[Relationship], **options: Any) -> None:
        super().__init__(**options)
        self.relationship.choices = {
            one.value: RELATIONSHIPS[one] for group in kinds for one in group
        }


class CodeForm(RelationshipForm):
    """For whom a code is."""


class ClaimForm(PortalForm):
    code = StringField(
        "Code",
        filters=[rules.clean_line],
        validators=[
            DataRequired("Enter the code that reception gave you"),
            Length(max=CODE_LENGTH, message="Enter the code as it is printed: it is shorter"),
        ],
    )
    birth_date = DateParts(
        "Date of birth of the person whose record it is", [DataRequired("Enter the date of birth")]
    )


class AccountForm(PortalForm):
    typed = StringField(
        "E-mail address of their account, or their own hospital number",
        filters=[rules.clean_line],
        validators=[
            DataRequired("Enter an e-mail address or a hospital number"),
            Length(max=rules.EMAIL_LENGTH, message="Enter something shorter"),
        ],
    )


class MergeForm(PortalForm):
    """Which of two records is kept, and why they are one person's.

    Each record's version travels along, so that nobody merges what they have not seen.
    """

    keep = RadioField(
        "Which record do you keep?",
        validators=[DataRequired("Choose the record that you keep")],
        invalid_choice_message="Choose one of the two records",
    )
    reason = TextAreaField(
        "How do you know that it is one person?",
        filters=[rules.clean_paragraph],
        validators=[DataRequired("Enter how you know that both records are one person's")],
    )
    versions = HiddenField()

    def __init__(self, *refs: str) -> None:
        super().__init__(keep=refs[0])
        self.refs = refs
        self.keep.choices = dict.fromkeys(refs, "")

    def remember_versions(self, versions: Iterable[int]) -> None:
        self.versions.data = " ".join(map(str, versions))

    @property
    def kept(self) -> tuple[str, int]:
        return next(pair for pair in self._seen() if pair[0] == self.keep.data)

    @property
    def merged(self) -> tuple[str, int]:
        return next(pair for pair in self._seen() if pair[0] != self.keep.data)

    def _seen(self) -> list[tuple[str, int]]:
        typed = [int(one) if one.isdecimal() else 0 for one in self.versions.data[:40].split()]
        return list(zip(self.refs, [*typed, 0, 0], strict=False))
