"""Identifiers and references: how resources refer to each other."""

from collections.abc import Iterable
from urllib.parse import parse_qs

from portal.fhir.facts import Identifier, Link
from portal.fhir.foreign import ForeignBundle
from portal.fhir.reading.elements import Element

URI_SYSTEM = "urn:ietf:rfc:3986"
"""The system of identifiers that are URIs."""

SYSTEM_LENGTH, VALUE_LENGTH = 191, 128


def identifiers(resource: Element) -> tuple[Identifier, ...]:
    """Those with a system and a value, the official ones first. Others do not identify anybody."""
    found: dict[Identifier, bool] = {}
    for element in resource.children("identifier"):
        identifier = _identifier(element)
        if identifier and element.text("use") != "old":
            found[identifier] = element.text("use") == "official"
    return tuple(sorted(found, key=lambda identifier: not found[identifier]))


def identifiers_or_uri(resource: Element, full_url: str | None) -> tuple[Identifier, ...]:
    """Its identifiers, or else its URI in the bundle.

    Raises `ForeignBundle` when it has neither, because importing it again would duplicate it.
    """
    if found := identifiers(resource):
        return found
    if found := as_uri(full_url):
        return found
    raise ForeignBundle(
        "it has neither an identifier with a system and a value nor a fullUrl,"
        " so it could not be known again"
    )


def as_uri(full_url: str | None) -> tuple[Identifier, ...]:
    """The URI as an identifier, if it is one."""
    if full_url is None or ":" not in full_url:
        return ()
    return (checked(Identifier(URI_SYSTEM, full_url)),)


def checked(identifier: Identifier) -> Identifier:
    """The identifier, if the portal can store it."""
    for text, longest in ((identifier.system, SYSTEM_LENGTH), (identifier.value, VALUE_LENGTH)):
        if not text.isascii():
            raise ForeignBundle("an identifier holds letters other than ASCII")
        if len(text) > longest:
            raise ForeignBundle(
                f"an identifier is {len(text)} characters long; the portal keeps {longest} at most"
            )
    return identifier


def link(reference: Element) -> Link | None:
    """What a Reference points to; None when it says nothing useful."""
    text = reference.text("reference")
    display = reference.text("display", default="")
    logical = reference.child("identifier")
    identifier = _identifier(logical) if logical else None
    if text is None:
        return Link(identifier=identifier, display=display) if identifier else None
    _, condition, query = text.partition("?")
    if condition:
        return Link(identifier=_asked_for(reference, query), display=display)
    return Link(key=text, identifier=identifier, display=display)


def first_text(concepts: Iterable[Element], longest: int) -> str:
    """The text of the first CodeableConcept, shortened to fit."""
    for concept in concepts:
        if text := concept.shortened("text", longest):
            return text
        for coding in concept.children("coding"):
            if text := coding.shortened("display", longest):
                return text
    return ""


def _identifier(element: Element) -> Identifier | None:
    system, value = element.text("system"), element.text("value")
    return checked(Identifier(system, value)) if system and value else None


def _asked_for(reference: Element, query: str) -> Identifier:
    """The identifier in a conditional reference such as `Practitioner?identifier=system|value`."""
    asked = parse_qs(query)
    system, bar, value = asked.get("identifier", [""])[0].partition("|")
    if asked.keys() != {"identifier"} or not (system and bar and value):
        raise reference.misfit(
            "reference", "is a search other than identifier=system|value, which is all that is read"
        )
    return checked(Identifier(system, value))
