"""The form of an amendment."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired

from portal.records.notes.rules import clean_note
from portal.text import clean_paragraph
from portal.web.forms import PortalForm


class AmendmentForm(PortalForm):
    body = TextAreaField(
        "Amendment", filters=[clean_note], validators=[DataRequired("Write the amendment")]
    )
    reason = TextAreaField(
        "Why is the note amended?",
        description="For example: a result came in later",
        filters=[clean_paragraph],
        validators=[DataRequired("Say why the note is amended")],
    )
