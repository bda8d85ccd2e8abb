"""The form for adding documents."""

from collections.abc import Iterable
from functools import partial

from wtforms import MultipleFileField, RadioField, StringField
from wtforms.validators import ValidationError

from portal.documents.adding.actions import DocumentFacts
from portal.text import LINE_LENGTH, check_past, clean_line
from portal.vocabulary import DocumentType
from portal.web import current
from portal.web.forms import DateParts, PortalForm

_one_line = partial(clean_line, length=LINE_LENGTH)


class DocumentForm(PortalForm):
    """Files, and fields about all of them. The view checks the files themselves."""

    files = MultipleFileField("Files")
    type = RadioField(
        "What kind of document is it?", choices=DocumentType.choices(), validate_choice=False
    )
    title = StringField("Title (optional)", filters=[_one_line])
    author = StringField("Who is it from? (optional)", filters=[_one_line])
    created_on = DateParts("Date on the document (optional)")

    def validate_type(self, field: RadioField) -> None:
        if field.data not in DocumentType.choices():
            raise ValidationError("Choose what kind of document it is")

    def validate_created_on(self, field: DateParts) -> None:
        if field.data:
            check_past(field.data, current.context().today, "The date on the document")

    @property
    def facts(self) -> DocumentFacts:
        """The input. Use it only after the form has been validated."""
        return DocumentFacts(
            title=self.title.data,
            type=DocumentType(self.type.data),
            author=self.author.data,
            created_on=self.created_on.data,
        )

    @property
    def key(self) -> str:
        """The submission key, under which the files are stored."""
        return str(self.submission.data)

    def refuse_files(self, faults: Iterable[str]) -> None:
        """Shows these errors beside the files and above the form."""
        self.files.errors = [*self.files.errors, *faults]
