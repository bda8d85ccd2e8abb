"""What people fill in about a patient: the search box, the demographics, the contact details."""

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.models import AdministrativeGender
from portal.patients import demographics as rules
from portal.patients.demographics import Contact, Demographics
from portal.patients.languages import LANGUAGES, UNLISTED, language_name
from portal.web import current
from portal.web.forms import DateParts, PortalForm

SEXES = {
    AdministrativeGender.FEMALE: "Female",
    AdministrativeGender.MALE: "Male",
    AdministrativeGender.OTHER: "Other",
    AdministrativeGender.UNKNOWN: "Not known",
}
SEARCH_LENGTH = 100
VERSION_LENGTH = 9


class SearchForm(PortalForm):
    text = StringField(
        "Name, date of birth, hospital number or phone number",
        filters=[rules.clean_line],
        validators=[
            DataRequired("Enter a name, date of birth, hospital number or phone number"),
            Length(max=SEARCH_LENGTH, message=f"Use {SEARCH_LENGTH} characters or fewer"),
        ],
    )


class ContactForm(PortalForm):
    """How the patient is reached, and the version of the record that it was filled in from."""

    phone = StringField("Phone number (optional)", filters=[rules.clean_phone])
    email = StringField("E-mail address (optional)", filters=[rules.clean_email])
    address = TextAreaField("Address (optional)", filters=[rules.clean_paragraph])
    language = SelectField(
        "Preferred language",
        default="en",
        choices={},
        validate_choice=False,
        filters=[rules.clean_language_tag],
    )
    other_language = StringField("Its language code", filters=[rules.clean_language_tag])
    version = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = {**LANGUAGES, UNLISTED: language_name(UNLISTED)}
        typed = self.language.data
        if typed and not self.language.process_errors and typed not in choices:
            choices[typed] = f"{language_name(typed)} ({typed})"
        self.language.choices = choices

    def validate_language(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError("Choose a language from the list")

    @property
    def based_on(self) -> int:
        """The version that the person saw; 0, which no record has, when it is not a number."""
        typed = str(self.version.data or "")
        usable = typed.isascii() and typed.isdecimal() and len(typed) <= VERSION_LENGTH
        return int(typed) if usable else 0

    @property
    def reached(self) -> dict[str, Any]:
        unlisted = self.language.data == UNLISTED
        return {
            "phone": self.phone.data or None,
            "email": self.email.data or None,
            "address": self.address.data or None,
            "language": (self.other_language.data if unlisted else "") or self.language.data,
        }

    @property
    def contact(self) -> Contact:
        """The details as they were typed; ask only after the form has been validated."""
        return Contact(**self.reached)

    def show_differences(self, saved: Mapping[str, Any]) -> None:
        """Puts what is saved now beside each field that differs from it."""
        for name, value in saved.items():
            field = self._fields.get(name)
            if field is not None and (field.data or None) != (value or None):
                label = field.label.text.removesuffix(" (optional)")
                field.errors = [f"Now saved under “{label}”: {self.in_words(name, value)}"]

    @staticmethod
    def in_words(name: str, value: Any) -> str:
        if not value:
            return "nothing"
        if name == "language":
            return language_name(str(value))
        if name == "gender":
            return SEXES[AdministrativeGender(value)]
        if name == "birth_date":
            return f"{value.day} {value:%B %Y}"
        return str(value)


class DemographicsForm(ContactForm):
    """Everything that reception writes down."""

    given = StringField(
        "First names", filters=[rules.clean_name], validators=[DataRequired("Enter the first name")]
    )
    family = StringField(
        "Family name",
        filters=[rules.clean_name],
        validators=[DataRequired("Enter the family name")],
    )
    birth_date = DateParts("Date of birth", [DataRequired("Enter the date of birth")])
    gender = RadioField(
        "Sex",
        choices={sex.value: text for sex, text in SEXES.items()},
        validate_choice=False,
    )
    emergency_name = StringField("Name (optional)", filters=[rules.clean_short_text])
    emergency_relationship = StringField(
        "What they are to the patient (optional)", filters=[rules.clean_short_text]
    )
    emergency_phone = StringField("Their phone number", filters=[rules.clean_phone])

    def validate_birth_date(self, field: DateParts) -> None:
        if field.data:
            try:
                rules.check_birth_date(field.data, current.hospital().today(current.now()))
            except ValueError as fault:
                raise ValidationError(str(fault)) from None

    def validate_gender(self, field: RadioField) -> None:
        if field.data not in field.choices:
            raise ValidationError("Choose the patient's sex, or “Not known”")

    def validate_emergency_name(self, field: StringField) -> None:
        if not field.data and (self.emergency_phone.data or self.emergency_relationship.data):
            raise ValidationError("Enter the name of the emergency contact")

    def validate_emergency_phone(self, field: StringField) -> None:
        if self.emergency_name.data and not field.data and not field.errors:
            raise ValidationError("Enter the phone number of the emergency contact")

    @property
    def facts(self) -> Demographics:
        """The demographics as they were typed; ask only after the form has been validated."""
        return Demographics(
            **self.reached,
            given=self.given.data,
            family=self.family.data,
            birth_date=self.birth_date.day,
            gender=AdministrativeGender(self.gender.data),
            emergency_name=self.emergency_name.data or None,
            emergency_relationship=self.emergency_relationship.data or None,
            emergency_phone=self.emergency_phone.data or None,
        )


class RegisterForm(DemographicsForm):
    """`seen` are the references of the likely duplicates that the person was shown."""

    seen = HiddenField()
    again = HiddenField()
