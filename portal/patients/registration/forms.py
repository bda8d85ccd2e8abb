"""The forms of a patient: all demographics, or only the contact details."""

from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from portal.patients.registration.languages import languages
from portal.patients.registration.queries import Kept
from portal.patients.registration.rules import Contact, Demographics, Identity, kept, titles
from portal.text import (
    NAME_LENGTH,
    check_past,
    clean_email,
    clean_language_tag,
    clean_line,
    clean_name,
    clean_paragraph,
    clean_phone,
)
from portal.vocabulary import AdministrativeGender
from portal.web import current
from portal.web.forms import DateParts, PortalForm
from portal.web.seen import SeenForm, Shown
from portal.words import UNLISTED, language_name


def _clean_short_text(typed: str | None) -> str:
    return clean_line(typed, NAME_LENGTH)


class ContactFields(PortalForm):
    """How to reach the patient."""

    phone = StringField("Phone number (optional)", filters=[clean_phone])
    email = StringField("Email address (optional)", filters=[clean_email])
    address = TextAreaField("Address (optional)", filters=[clean_paragraph])
    language = SelectField(
        "Preferred language",
        default=Contact.language,
        choices={},
        validate_choice=False,
        filters=[clean_language_tag],
    )
    other_language = StringField("Its language code", filters=[clean_language_tag])
    interpreter_needed = BooleanField("An interpreter is needed")
    do_not_contact = BooleanField("No messages from us, please")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_languages()

    def offer_languages(self) -> None:
        """The usual languages, and the current value of the form."""
        locale = current.hospital().locale
        choices = dict(languages(locale))
        typed = self.language.data
        if typed and not self.language.process_errors and typed not in choices:
            choices[typed] = f"{language_name(typed, locale)} ({typed})"
        self.language.choices = choices

    def validate_language(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError("Choose a language from the list")

    @property
    def typed(self) -> dict[str, Any]:
        """The input, by field name. Use it only after the form has been validated."""
        unlisted = self.language.data == UNLISTED and self.other_language.data
        return {**self.data, "language": unlisted or self.language.data}

    @property
    def contact(self) -> Contact:
        return kept(Contact, self.typed)


class ContactForm(ContactFields, SeenForm):
    def see(self, now: Shown) -> None:
        super().see(now)
        self.offer_languages()


class PersonFields(ContactFields):
    """All demographics that reception enters."""

    first_on_page: ClassVar[tuple[str, ...]] = tuple(titles(Identity))

    given = StringField("First names (optional)", filters=[clean_name])
    family = StringField(
        "Family name", filters=[clean_name], validators=[DataRequired("Enter the family name")]
    )
    birth_date = DateParts("Date of birth", [DataRequired("Enter the date of birth")])
    gender = RadioField("Sex", choices=AdministrativeGender.choices(), validate_choice=False)
    emergency_name = StringField("Name (optional)", filters=[_clean_short_text])
    emergency_relationship = StringField(
        "Relationship to the patient (optional)", filters=[_clean_short_text]
    )
    emergency_phone = StringField("Their phone number", filters=[clean_phone])

    def validate_birth_date(self, field: DateParts) -> None:
        if field.data:
            try:
                check_past(field.data, current.context().today, "Date of birth")
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
    def demographics(self) -> Demographics:
        """The input. Use it only after the form has been validated."""
        gender = AdministrativeGender(self.gender.data)
        return kept(Demographics, {**self.typed, "gender": gender})


class DemographicsForm(PersonFields, ContactForm):
    """All demographics of a registered patient."""


class RegisterForm(PersonFields):
    """`seen` are the references of the likely duplicates that the page showed."""

    seen = HiddenField()
    again = HiddenField()


def kept_shown(found: Kept) -> Shown:
    """The patient's details, as the page shows them."""
    demographics = found.demographics
    values = {**vars(demographics), "gender": demographics.gender.value}
    return Shown(found.version, values=values)
