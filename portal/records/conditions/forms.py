"""The form of a problem."""

from collections.abc import Sequence

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired

from portal.records.conditions.codes import Code
from portal.records.conditions.queries import ProblemRow
from portal.records.conditions.rules import ProblemDetails
from portal.records.forms import NOT_GIVEN, RecordForm, entry_shown, line, partial_date
from portal.text import clean_paragraph
from portal.vocabulary import ClinicalStatus, Severity, VerificationStatus
from portal.web.seen import SeenForm, Shown

A_DATE = "A year, a month and year, or a date: 2019, 5 2019 or 12 5 2019"


class ProblemForm(RecordForm):
    name = StringField(
        "Problem",
        description="Type a few words, such as type 2 diabetes. You can then choose its code",
        filters=[line(255)],
        validators=[DataRequired("Enter the problem")],
    )
    code = RadioField("Which of these is it?", choices={}, validate_choice=False)
    clinical_status = RadioField("Status", choices=ClinicalStatus.choices(), default="active")
    verification_status = RadioField(
        "How certain is it?",
        choices=VerificationStatus.choices(),
        default=VerificationStatus.CONFIRMED.value,
    )
    severity = RadioField("Severity", choices={**Severity.choices(), **NOT_GIVEN}, default="")
    onset = StringField(
        "When it began (optional)",
        description=A_DATE,
        filters=[partial_date],
        render_kw={"width": "nhsuk-input--width-10"},
    )
    abatement = StringField(
        "When it ended (optional)",
        description=A_DATE,
        filters=[partial_date],
        render_kw={"width": "nhsuk-input--width-10"},
    )
    note = TextAreaField("Note (optional)", filters=[clean_paragraph])

    def offer(self, codes: Sequence[Code]) -> None:
        """The codes to choose from. The last choice is the typed text."""
        as_typed = {"": f"“{self.name.data}”, as you typed it, without a code"}
        self.code.choices = {it.code: f"{it.title} ({it.code})" for it in codes} | as_typed

    @property
    def details(self) -> ProblemDetails:
        """Use it only after the form has been validated."""
        return ProblemDetails(
            clinical_status=ClinicalStatus(self.clinical_status.data),
            verification_status=VerificationStatus(self.verification_status.data),
            severity=Severity(self.severity.data) if self.severity.data else None,
            onset=self.onset.data,
            abatement=self.abatement.data,
            note=self.note.data,
        )


class ChangedProblemForm(ProblemForm, SeenForm):
    """The name and the code of a recorded problem can't change."""

    name = None
    code = None


def problem_shown(row: ProblemRow) -> Shown:
    values = {
        "clinical_status": row.clinical_status.value,
        "verification_status": row.verification_status.value,
        "severity": row.severity.value if row.severity else "",
        "onset": row.onset,
        "abatement": row.abatement,
        "note": row.note,
    }
    return entry_shown(row, row.name, values)
