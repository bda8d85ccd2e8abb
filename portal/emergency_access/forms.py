"""The forms for opening a record in an emergency, and for the review."""

from functools import partial

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from portal.emergency_access.queries import Review
from portal.text import clean_line, clean_paragraph
from portal.vocabulary import ReviewOutcome
from portal.web import current, filters
from portal.web.forms import DateParts, PortalForm
from portal.web.seen import SeenForm, Shown

NUMBER_LENGTH = 40
FOUND = (ReviewOutcome.JUSTIFIED, ReviewOutcome.TO_BE_ASKED, ReviewOutcome.ESCALATED)


class BreakGlassForm(PortalForm):
    hospital_number = StringField(
        "Hospital number",
        filters=[partial(clean_line, length=NUMBER_LENGTH)],
        validators=[DataRequired("Enter the hospital number")],
    )
    born = DateParts("Date of birth", validators=[DataRequired("Enter the date of birth")])
    reason = TextAreaField(
        "Why do you need this record now?",
        filters=[clean_paragraph],
        validators=[DataRequired("Say why you need this record now")],
    )

    @property
    def number(self) -> str:
        """The hospital number without spaces."""
        return "".join(self.hospital_number.data.split())

    def validate_reason(self, field: TextAreaField) -> None:
        if len(field.data) < 10:
            raise ValidationError("Say a little more: administrators and the patient will read it")


class ReviewForm(SeenForm):
    outcome = RadioField(
        "What did you find?",
        choices={outcome.value: outcome.title for outcome in FOUND},
        validate_choice=False,
    )
    note = TextAreaField("Note (optional)", filters=[clean_paragraph])

    def validate_outcome(self, field: RadioField) -> None:
        if field.data not in {outcome.value for outcome in FOUND}:
            raise ValidationError("Choose what you found")


def review_shown(row: Review) -> Shown:
    """The form starts empty, so that each reviewer enters their own finding."""
    words = row.outcome.title
    if not row.reviewed_at:
        return Shown(row.version, words)
    when = filters.short_day(current.hospital(), row.reviewed_at)
    who = f"{row.reviewed_by_name} reviewed it on {when}."
    return Shown(row.version, f"{words}. {row.review_note}".strip(". "), who=who)
