"""The form of an allergy."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired

from portal.records.allergies.queries import Allergies, Allergy
from portal.records.allergies.rules import AllergyDetails
from portal.records.forms import NOT_GIVEN, RecordForm, entry_shown, line, partial_date
from portal.text import clean_paragraph
from portal.vocabulary import AllergyCategory, ClinicalStatus, Severity, VerificationStatus
from portal.web.seen import SeenForm, Shown


class AllergyForm(RecordForm):
    substance = StringField(
        "Substance",
        description="The medicine, food or other thing, such as penicillin, peanuts or latex",
        filters=[line(100)],
        validators=[DataRequired("Enter what the patient is allergic to")],
    )
    category = RadioField(
        "Kind",
        choices=AllergyCategory.choices(),
        default=AllergyCategory.MEDICATION.value,
    )
    reaction = StringField(
        "Reaction (optional)",
        description="What happened, such as a rash or trouble breathing",
        filters=[line(200)],
    )
    severity = RadioField(
        "How severe was it?", choices={**Severity.choices(), **NOT_GIVEN}, default=""
    )
    verification_status = RadioField(
        "How certain is it?",
        choices=VerificationStatus.choices(),
        default=VerificationStatus.CONFIRMED.value,
    )
    clinical_status = RadioField(
        "Is it still active?",
        choices=ClinicalStatus.choices(),
        default=ClinicalStatus.ACTIVE.value,
    )
    onset = StringField(
        "When it began (optional)",
        description="A year, a month and year, or a date: 2019, 5 2019 or 12 5 2019",
        filters=[partial_date],
        render_kw={"width": "nhsuk-input--width-10"},
    )
    note = TextAreaField("Note (optional)", filters=[clean_paragraph])

    @property
    def details(self) -> AllergyDetails:
        """Use it only after the form has been validated."""
        return AllergyDetails(
            category=AllergyCategory(self.category.data),
            reaction=self.reaction.data,
            severity=Severity(self.severity.data) if self.severity.data else None,
            verification_status=VerificationStatus(self.verification_status.data),
            clinical_status=ClinicalStatus(self.clinical_status.data)
            if "clinical_status" in self
            else ClinicalStatus.ACTIVE,
            onset=self.onset.data,
            note=self.note.data,
        )


class NewAllergyForm(AllergyForm):
    """A new allergy has no status."""

    clinical_status = None


class ChangedAllergyForm(AllergyForm, SeenForm):
    """The substance of a recorded allergy can't change."""

    substance = None


def allergy_shown(row: Allergy) -> Shown:
    values = {
        "category": row.category.value,
        "reaction": row.reaction,
        "severity": row.severity.value if row.severity else "",
        "verification_status": row.verification_status.value,
        "clinical_status": row.clinical_status.value,
        "onset": row.onset,
        "note": row.note,
    }
    return entry_shown(row, row.substance, values)


def allergies_shown(found: Allergies) -> Shown:
    """The list of allergies in words, for the statement that there are none."""
    names = ", ".join(row.substance for row in found.holding)
    known = "No known allergies" if found.none_known else "Nothing is recorded about allergies"
    return Shown(found.version, f"Allergies: {names}" if names else known)
