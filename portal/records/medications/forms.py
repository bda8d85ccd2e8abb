"""The forms about a medicine."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from portal.records.forms import RecordForm, entry_shown, line
from portal.records.medications.actions import Confirmation
from portal.records.medications.queries import Medication
from portal.records.medications.rules import Prescription
from portal.text import clean_paragraph
from portal.vocabulary import AdministrationRoute
from portal.web import current
from portal.web.forms import DateParts
from portal.web.seen import SeenForm, Shown
from portal.words import short_day


class PrescriptionForm(RecordForm):
    medication = StringField(
        "Medicine",
        description="Name and strength, such as amoxicillin 500 mg capsules",
        filters=[line(255)],
        validators=[DataRequired("Enter the medicine")],
    )
    dose = StringField(
        "Dose",
        description="With its unit, such as 1 capsule or 5 mL",
        filters=[line(100)],
        validators=[DataRequired("Enter the dose")],
        render_kw={"width": "nhsuk-input--width-20"},
    )
    route = SelectField("How it is taken", choices=AdministrationRoute.choices())
    frequency = StringField(
        "How often",
        description="Such as three times a day, or once at night",
        filters=[line(100)],
        validators=[DataRequired("Enter how often it is taken")],
        render_kw={"width": "nhsuk-input--width-20"},
    )
    starts_on = DateParts(
        "First day",
        [DataRequired("Enter the first day")],
        default=lambda: current.context().today,
    )
    ends_on = DateParts("Last day (optional)", description="Leave empty when it goes on")
    note = TextAreaField("Note (optional)", filters=[clean_paragraph])
    allergy_reason = TextAreaField(
        "Why is it prescribed in spite of the allergy?", filters=[clean_paragraph]
    )

    def prescription(self, medication: str) -> Prescription:
        """Use it only after the form has been validated."""
        return Prescription(
            medication=medication,
            dose=self.dose.data,
            route=AdministrationRoute(self.route.data),
            frequency=self.frequency.data,
            starts_on=self.starts_on.day,
            ends_on=self.ends_on.data,
            note=self.note.data,
        )

    @property
    def confirmation(self) -> Confirmation:
        return Confirmation(self.confirmed.data, self.allergy_reason.data)


class ChangedPrescriptionForm(PrescriptionForm, SeenForm):
    """The medicine itself can't change."""

    medication = None


class StopForm(SeenForm):
    stopped_on = DateParts(
        "First day without it",
        [DataRequired("Enter the first day without it")],
        description="Today, an earlier day, or a day in the future",
        default=lambda: current.context().today,
    )
    reason = TextAreaField(
        "Why is it stopped?",
        filters=[clean_paragraph],
        validators=[DataRequired("Say why it is stopped")],
    )


def medicine_shown(row: Medication) -> Shown:
    words = f"{row.medication}, {row.dose}, {row.frequency}"
    if row.stopped_on:
        words += f", stopped on {short_day(row.stopped_on, current.hospital().locale)}"
    values = {
        "dose": row.dose,
        "route": row.route.value,
        "frequency": row.frequency,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "note": row.note,
        "allergy_reason": row.allergy_reason,
    }
    return entry_shown(row, words, values)
