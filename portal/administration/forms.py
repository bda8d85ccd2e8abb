"""What an administrator fills in about a member of staff."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from portal.access import STAFF, Role
from portal.administration.joining_actions import NewMember
from portal.administration.practitioners import NO_SUCH_CLINIC, NOT_FREE, PractitionerChoice
from portal.errors import Unfit
from portal.web.forms import FilterForm, PortalForm

ROLES = {role.value: role.title for role in Role if role in STAFF}
NEW_PRACTITIONER = "Add a new practitioner with the name above"
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+\Z", re.ASCII)


def one_line(text: str | None) -> str:
    """Without control characters, and with single spaces."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text or "")
    return " ".join(printable.split())


def _line(label: str, longest: int, missing: str = "") -> Any:
    """A line of text; `missing` is what to say when nothing was typed, if that is not allowed."""
    length = Length(max=longest, message=f"Use {longest} characters or fewer")
    required = [DataRequired(missing)] if missing else []
    return StringField(label, filters=[one_line], validators=[*required, length])


def _roles() -> Any:
    return SelectMultipleField(
        "Roles",
        choices=ROLES,
        invalid_choice_message="Choose roles from the list",
        validators=[DataRequired("Choose at least one role")],
    )


def _practitioner() -> Any:
    return SelectField("Practitioner", default="", invalid_choice_message=NOT_FREE)


def _clinics() -> Any:
    return SelectMultipleField("Clinics", invalid_choice_message=NO_SUCH_CLINIC)


class SearchForm(FilterForm):
    name = _line("Name or e-mail address", 100)


class RolesForm(PortalForm):
    """For somebody who has a practitioner, or needs none."""

    roles = _roles()

    @property
    def chosen_roles(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.roles.data or ())

    def show(self, fault: Unfit) -> None:
        """Says beside its field what did not fit."""
        field = self[fault.field]
        field.errors = [*field.errors, fault.message]


class PractitionerForm(RolesForm):
    """For somebody behind whom there is no practitioner yet."""

    prefix = _line("Title (optional)", 20)
    given = _line("First name", 80, "Enter the first name")
    family = _line("Family name", 80, "Enter the family name")
    roles = _roles()
    practitioner = _practitioner()
    specialty = _line("Specialty (optional)", 100)
    locations = _clinics()

    def offer(self, practitioners: Mapping[str, str], clinics: Mapping[str, str]) -> None:
        """Sets the choices: a name for each reference. To be called before validation."""
        self.practitioner.choices = {"": NEW_PRACTITIONER, **practitioners}
        self.locations.choices = dict(clinics)

    @property
    def practitioner_choice(self) -> PractitionerChoice:
        return PractitionerChoice(
            ref=self.practitioner.data,
            prefix=self.prefix.data,
            given=self.given.data,
            family=self.family.data,
            specialty=self.specialty.data,
            location_refs=frozenset(self.locations.data or ()),
        )


class MemberForm(PractitionerForm):
    prefix = _line("Title (optional)", 20)
    given = _line("First name", 80, "Enter the first name")
    family = _line("Family name", 80, "Enter the family name")
    email = StringField(
        "E-mail address at work",
        filters=[one_line],
        validators=[
            DataRequired("Enter the e-mail address"),
            Length(max=128, message="Use 128 characters or fewer"),
            Regexp(ADDRESS, message="Enter an e-mail address, such as name@hospital.example"),
        ],
    )
    roles = _roles()
    practitioner = _practitioner()
    specialty = _line("Specialty (optional)", 100)
    locations = _clinics()

    @property
    def new_member(self) -> NewMember:
        parts = (self.prefix.data, self.given.data, self.family.data)
        return NewMember(
            name=" ".join(part for part in parts if part),
            email=self.email.data,
            roles=self.chosen_roles,
            practitioner=self.practitioner_choice,
        )
