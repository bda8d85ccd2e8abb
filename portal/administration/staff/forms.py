"""What an administrator fills in about a member of staff."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Length

from portal import text
from portal.access import STAFF, Role
from portal.administration.staff.joining import NewMember
from portal.administration.staff.practitioners import NO_SUCH_CLINIC, NOT_FREE, PractitionerChoice
from portal.administration.staff.queries import Member
from portal.web.forms import FilterForm, LineField, PortalForm
from portal.web.seen import SeenForm, Shown
from portal.words import name_of

ROLES = {role.value: role.title for role in Role if role in STAFF}
NEW_PRACTITIONER = "Add a new practitioner with the name above"
LONGEST_EMAIL = 128


class EmailField(LineField):
    def clean(self, typed: str) -> str:
        return text.clean_email(typed)


def _line(label: str, longest: int, missing: str = "") -> Any:
    """A line of text. With `missing`, the field is required and `missing` is its error message."""
    length = Length(max=longest, message=f"Use {longest} characters or fewer")
    required = [DataRequired(missing)] if missing else []
    return LineField(label, validators=[*required, length])


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
    name = _line("Name or email address", 100)


class _RolesFields(PortalForm):
    roles = _roles()

    @property
    def chosen_roles(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.roles.data or ())


class _PractitionerFields(_RolesFields):
    first_on_page: ClassVar[tuple[str, ...]] = ("roles", "practitioner", "specialty", "locations")

    prefix = _line("Title (optional)", 20)
    given = _line("First name", 80, "Enter the first name")
    family = _line("Family name", 80, "Enter the family name")
    roles = _roles()
    practitioner = _practitioner()
    specialty = _line("Specialty (optional)", 100)
    locations = _clinics()

    def offer(self, practitioners: Mapping[str, str], clinics: Mapping[str, str]) -> None:
        """Sets the choices: a name for each reference. Call it before the form is validated."""
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


class RolesForm(_RolesFields, SeenForm):
    """For a person who has a practitioner or needs none."""


class PractitionerForm(_PractitionerFields, RolesForm):
    """For a person who has no practitioner yet."""


class MemberForm(_PractitionerFields):
    first_on_page = ()

    prefix = _line("Title (optional)", 20)
    given = _line("First name", 80, "Enter the first name")
    family = _line("Family name", 80, "Enter the family name")
    email = EmailField(
        "Email address at work",
        validators=[
            DataRequired("Enter the email address"),
            Length(max=LONGEST_EMAIL, message=f"Use {LONGEST_EMAIL} characters or fewer"),
        ],
    )
    roles = _roles()
    practitioner = _practitioner()
    specialty = _line("Specialty (optional)", 100)
    locations = _clinics()

    @property
    def new_member(self) -> NewMember:
        return NewMember(
            name=name_of(self.given.data, self.family.data, self.prefix.data),
            email=self.email.data,
            roles=self.chosen_roles,
            practitioner=self.practitioner_choice,
        )


def titles(role_values: str) -> str:
    """`Doctor, Administrator`, in the order in which roles are offered."""
    return ", ".join(role.title for role in Role if role.value in role_values.split())


def member_shown(member: Member) -> Shown:
    state = "disabled" if member.disabled_at else "enabled"
    words = f"{member.name}, {titles(member.role_values)}, {state}"
    return Shown(member.version, words, {"roles": member.role_values.split()})
