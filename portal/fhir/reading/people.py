"""Reading Patient and Practitioner."""

import re
from collections.abc import Sequence
from datetime import date

from portal.fhir.facts import PatientFacts, PractitionerFacts
from portal.fhir.foreign import ForeignBundle
from portal.fhir.reading import dates
from portal.fhir.reading.contacts import address_line, best, reached_by
from portal.fhir.reading.elements import Element
from portal.fhir.reading.identifiers import as_uri, first_text, identifiers_or_uri
from portal.models import AdministrativeGender

NAME_LENGTH = 100
LANGUAGE_LENGTH = 16
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_NAME_USES = ("official", "usual", None, "temp", "nickname", "anonymous")


def patient(resource: Element, *, entry: str, full_url: str | None, today: date) -> PatientFacts:
    """A Patient with the demographics that the portal needs; raises `ForeignBundle`."""
    family, given = _full_name(resource)
    born = _birth_date(resource, today)
    contact = _emergency_contact(resource)
    return PatientFacts(
        entry=entry,
        identifiers=identifiers_or_uri(resource, full_url),
        family=family,
        given=given,
        birth_date=born,
        gender=_gender(resource),
        phone=reached_by(resource, "phone", 32),
        email=reached_by(resource, "email", 254),
        address=address_line(resource, 500),
        language=_language(resource),
        emergency_name=_contact_name(contact),
        emergency_relationship=_contact_relationship(contact),
        emergency_phone=reached_by(contact, "phone", 32) if contact else None,
        deceased_on=_deceased_on(resource, born, today),
    )


def practitioner(resource: Element, *, entry: str, full_url: str | None) -> PractitionerFacts:
    """A Practitioner, known by the fullUrl too: two data sets may number their people alike."""
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
    name = _name(resource)
    family, given = name.text("family", NAME_LENGTH), _fitting(name, "given", NAME_LENGTH)
    if not family or not given:
        missing = "given" if family else "family"
        raise name.misfit(missing, "is missing; the portal needs a family and a given name")
    return family, given


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


def _language(resource: Element) -> str:
    spoken = resource.children("communication")
    spoken.sort(key=lambda communication: not communication.flag("preferred"))
    for communication in spoken:
        language = communication.child("language")
        for coding in language.children("coding") if language else ():
            if code := coding.text("code", LANGUAGE_LENGTH):
                if not _LANGUAGE.fullmatch(code):
                    raise coding.misfit("code", "is not a language tag such as en-GB")
                return code
    return "en"


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


def _contact_relationship(contact: Element | None) -> str | None:
    relationships = contact.children("relationship") if contact else ()
    return first_text(relationships, NAME_LENGTH) or None


def _contact_name(contact: Element | None) -> str | None:
    name = contact.child("name") if contact else None
    if name is None:
        return None
    parts = [*name.texts("given"), name.text("family", default="")]
    line = name.text("text", default="") or " ".join(part for part in parts if part)
    if len(line) > 2 * NAME_LENGTH:
        raise ForeignBundle(f"{name.path} is longer than the {2 * NAME_LENGTH} characters kept")
    return line or None
