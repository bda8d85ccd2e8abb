"""What people fill in about documents: what they are, and why one is withdrawn."""

from collections.abc import Iterable
from functools import partial

from wtforms import MultipleFileField, RadioField, StringField
from wtforms.validators import DataRequired, ValidationError

from portal.documents import rules
from portal.documents.actions import DocumentFacts
from portal.models import DocumentType
from portal.web import current
from portal.web.forms import DateParts, PortalForm

TYPES = {
    DocumentType.LETTER: "Letter",
    DocumentType.REFERRAL: "Referral",
    DocumentType.DISCHARGE: "Discharge summary",
    DocumentType.RESULT: "Test result",
    DocumentType.IMAGING: "Scan or X-ray",
    DocumentType.PHOTO: "Photo",
    DocumentType.PRESCRIPTION: "Prescription or list of medicines",
    DocumentType.IMMUNIZATION: "Vaccination record",
    DocumentType.CONSENT: "Consent form",
    DocumentType.OTHER: "Something else",
}


class DocumentForm(PortalForm):
    """Files, and what is said of all of them. The view judges the files themselves."""

    files = MultipleFileField("Files")
    type = RadioField(
        "What kind of document is it?",
        choices={kind.value: words for kind, words in TYPES.items()},
        validate_choice=False,
    )
    title = StringField(
        "Title (optional)", filters=[partial(rules.clean_line, length=rules.TITLE_LENGTH)]
    )
    author = StringField(
        "Who is it from? (optional)",
        filters=[partial(rules.clean_line, length=rules.AUTHOR_LENGTH)],
    )
    created_on = DateParts("Date on the document (optional)")

    def validate_type(self, field: RadioField) -> None:
        if field.data not in {kind.value for kind in TYPES}:
            raise ValidationError("Choose what kind of document it is")

    def validate_created_on(self, field: DateParts) -> None:
        if field.data:
            try:
                rules.check_created_on(field.data, current.hospital().today(current.now()))
            except ValueError as fault:
                raise ValidationError(str(fault)) from None

    @property
    def facts(self) -> DocumentFacts:
        """What was said; ask only after the form has been validated."""
        return DocumentFacts(
            title=self.title.data,
            type=DocumentType(self.type.data),
            author=self.author.data,
            created_on=self.created_on.data,
        )

    @property
    def key(self) -> str:
        """The submission key, under which the files are received."""
        return str(self.submission.data)

    def refuse_files(self, faults: Iterable[str]) -> None:
        """Puts these words beside the files, and above the form."""
        self.files.errors = [*self.files.errors, *faults]


class WithdrawForm(PortalForm):
    reason = StringField(
        "What is wrong with it?",
        filters=[partial(rules.clean_line, length=rules.REASON_LENGTH)],
        validators=[DataRequired("Enter what is wrong with it")],
    )
