"""The choice of the record to keep, and the reason for the merge."""

from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired

from portal.seen import Seen
from portal.text import clean_paragraph
from portal.web.seen import SeenForm


class MergeForm(SeenForm):
    """Carries the versions of both records."""

    keep = RadioField(
        "Which record do you keep?",
        validators=[DataRequired("Choose the record that you keep")],
        invalid_choice_message="Choose one of the two records",
    )
    reason = TextAreaField(
        "How do you know that it is one person?",
        filters=[clean_paragraph],
        validators=[DataRequired("Enter how you know that both records are one person's")],
    )

    def __init__(self, *refs: str) -> None:
        super().__init__(keep=refs[0])
        self.refs = refs
        self.keep.choices = dict.fromkeys(refs, "")

    @property
    def kept(self) -> Seen:
        return next(one for one in self.all_seen(*self.refs) if one.ref == self.keep.data)

    @property
    def merged(self) -> Seen:
        return next(one for one in self.all_seen(*self.refs) if one.ref != self.keep.data)
