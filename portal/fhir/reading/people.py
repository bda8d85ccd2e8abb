"""Reading Patient and Practitioner."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from portal.fhir.facts import PatientFacts, PractitionerFacts
from portal.fhir.reading import dates
from portal.fhir.reading.contacts import address_line, best, reached_by
from portal.fhir.reading.elements import Element
from portal.fhir.reading.identifiers import as_uri, first_text, identifiers_or_uri
from portal.patients.registration.rules import Demographics, kept
from portal.text import (
    LINE_LENGTH,
    NAME_LENGTH,
    clean_email,
    clean_language_tag,
    clean_line,
    clean_phone,
)
from portal.vocabulary import AdministrativeGender

INTERPRETER_REQUIRED = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
_NAME_USES = ("official", "usual", None, "temp", "nickname", "anonymous")


def patient(resource: Element, *, entry: str, full_url: str | None, today: date) -> PatientFacts:
    """A Patient with the demographics that the portal needs; raises `ForeignBundle`."""
    born = _birth_date(resource, today)
    return PatientFacts(
        entry=entry,
        identifiers=identifiers_or_uri(resource, full_url),
        demographics=kept(Demographics, _demographics(resource, born)),
        deceased_on=_deceased_on(resource, born, today),
    )


def _demographics(resource: Element, born: date) -> dict[str, Any]:
    family, given = _full_name(resource)
    contact = _emergency_contact(resource)
    return {
        "family": family,
        "given": given,
        "birth_date": born,
        "gender": _gender(resource),
        "phone": reached_by(resource, "phone", clean_phone),
        "email": reached_by(resource, "email", clean_email),
        "address": address_line(resource),
        "language": _language(resource),
        "interpreter_needed": _interpreter_needed(resource),
        "emergency_name": _contact_name(contact),
        "emergency_relationship": _contact_relationship(contact),
        "emergency_phone": reached_by(contact, "phone", clean_phone) if contact else None,
    }


def practitioner(resource: Element, *, entry: str, full_url: str | None) -> PractitionerFacts:
    """A Practitioner, known by the fullUrl too, because two data sets may use the same numbers."""
    name = _name(resource)
    family = name.text("family", NAME_LENGTH)
    if family is None:
        raise name.misfit("family", "is missing")
    known = identifiers_or_uri(resource, full_url)
    return PractitionerFacts(
        entry=entry,
        identifiers=tuple({**dict.fromkeys(known), **dict.fromkeys(as_uri(full_url))}),
        prefix=_fitting(name, "prefix", 20),
        given=_fitting(name, "given", NAME_LENGTH),
        family=family,
    )


def _name(resource: Element) -> Element:
    name = best(resource.children("name"), _NAME_USES)
    if name is None:
        raise resource.misfit("name", "is missing")
    return name


def _full_name(resource: Element) -> tuple[str, str]:
    """Family and given name. Somebody's only name is kept as the family name."""
    name = _name(resource)
    family = name.text("family", NAME_LENGTH, default="")
    given = _fitting(name, "given", NAME_LENGTH)
    if not family and not given:
        raise name.misfit("family", "is missing")
    return (family, given) if family else (given, "")


def _fitting(element: Element, name: str, longest: int) -> str:
    """The texts in one line; raises `ForeignBundle` when it would be too long."""
    line = " ".join(element.texts(name))
    if len(line) > longest:
        raise element.misfit(
            name, f"is {len(line)} characters long; the portal keeps {longest} at most"
        )
    return line


def _birth_date(resource: Element, today: date) -> date:
    born = dates.day(resource, "birthDate")
    if born is None:
        raise resource.misfit("birthDate", "is missing")
    if born > today:
        raise resource.misfit("birthDate", "lies in the future")
    return born


def _deceased_on(resource: Element, born: date, today: date) -> date | None:
    if resource.flag("deceasedBoolean") and "deceasedDateTime" not in resource:
        raise resource.misfit(
            "deceasedBoolean",
            "says that the patient has died but not when; the portal needs the day",
        )
    died = dates.day(resource, "deceasedDateTime")
    if died is not None and not born <= died <= today:
        raise resource.misfit("deceasedDateTime", "lies before the birth or in the future")
    return died


def _gender(resource: Element) -> AdministrativeGender:
    code = resource.text("gender", default=AdministrativeGender.UNKNOWN.value)
    try:
        return AdministrativeGender(code)
    except ValueError:
        codes = ", ".join(gender.value for gender in AdministrativeGender)
        raise resource.misfit("gender", f"is not one of {codes}") from None


def _language(resource: Element) -> str | None:
    spoken = resource.children("communication")
    spoken.sort(key=lambda communication: not communication.flag("preferred"))
    for communication in spoken:
        language = communication.child("language")
        for coding in language.children("coding") if language else ():
            if code := coding.text("code"):
                return coding.cleaned("code", code, clean_language_tag)
    return None


def _interpreter_needed(resource: Element) -> bool:
    return any(
        extension.flag("valueBoolean")
        for extension in resource.children("extension")
        if extension.text("url") == INTERPRETER_REQUIRED
    )


def _emergency_contact(resource: Element) -> Element | None:
    contacts: Sequence[Element] = resource.children("contact")
    for contact in contacts:
        if any(
            coding.text("code") == "C"
            for relationship in contact.children("relationship")
            for coding in relationship.children("coding")
        ):
            return contact
    return contacts[0] if contacts else None


def _contact_relationship(contact: Element | None) -> str:
    relationships = contact.children("relationship") if contact else ()
    return first_text(relationships, NAME_LENGTH)


def _contact_name(contact: Element | None) -> str:
    name = contact.child("name") if contact else None
    if name is None:
        return ""
    parts = [*name.texts("given"), name.text("family", default="")]
    line = name.text("text", default="") or " ".join(part for part in parts if part)
    return name.cleaned("text", line, partial(clean_line, length=LINE_LENGTH))
