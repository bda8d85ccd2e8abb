"""The demographics of a patient, and the hospital number. Pure.

Add a new field of `Patient` to one of these classes. Pages, the comparison of records and the
importer use them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeVar, get_type_hints

from stdnum import verhoeff
from stdnum.exceptions import ValidationError

from portal.vocabulary import AdministrativeGender
from portal.words import name_of

LOWEST_BASE, HIGHEST_BASE = 100_000_000, 999_999_999


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The identity of a person. The annotation is the field's title on the screen."""

    given: Annotated[str, "First names"] = ""
    """Empty for a person with only one name, which is the family name then."""
    family: Annotated[str, "Family name"]
    birth_date: Annotated[date, "Born"]
    gender: Annotated[AdministrativeGender, "Sex"]

    @property
    def name(self) -> str:
        return name_of(self.given, self.family)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How the hospital reaches the patient. Patients can change it themselves."""

    phone: Annotated[str | None, "Phone"] = None
    email: Annotated[str | None, "Email"] = None
    address: Annotated[str | None, "Address"] = None
    language: Annotated[str, "Language"] = "en"
    interpreter_needed: Annotated[bool, "Needs an interpreter"] = False
    do_not_contact: Annotated[bool, "Wants no messages from us"] = False


@dataclass(frozen=True, kw_only=True)
class EmergencyContact:
    """The person to call in an emergency."""

    emergency_name: Annotated[str | None, "Emergency contact"] = None
    emergency_relationship: Annotated[str | None, "Relationship of the emergency contact"] = None
    emergency_phone: Annotated[str | None, "Phone of the emergency contact"] = None


@dataclass(frozen=True, kw_only=True)
class Demographics(EmergencyContact, Contact, Identity):
    """All fields that reception enters; they have the column names of `Patient`.

    The fields of the last base come first.
    """


Facts = TypeVar("Facts", bound=Contact)


def kept(kind: type[Facts], values: Mapping[str, Any]) -> Facts:
    """The fields of this class in `values`. Empty ones keep their defaults."""
    names = [field.name for field in fields(kind)]
    return kind(**{name: values[name] for name in names if values.get(name)})


@cache
def titles(kind: type[Identity | Contact]) -> dict[str, str]:
    """The title of each field, in order."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(kind)}


def hospital_number(base: int) -> str:
    """The hospital number for nine digits without a leading zero: the digits and a check digit.

    The check digit is Verhoeff's. It catches every single wrong digit and every swapped pair of neighbours,
    which Luhn's does not, and it is always a digit, unlike those of ISO 7064. It differs from the NHS
    number's modulus 11, so the two numbers can't be confused.
    """
    if not LOWEST_BASE <= base <= HIGHEST_BASE:
        raise ValueError("the base of a hospital number has nine digits")
    return f"{base}{verhoeff.calc_check_digit(str(base))}"


def is_hospital_number(digits: str) -> bool:
    """Whether these are ten digits with a correct check digit."""
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit() or digits[0] == "0":
        return False
    try:
        verhoeff.validate(digits)
    except ValidationError:
        return False
    return True
