"""Reading Organization and Location: to the portal both are places where somebody was seen."""

from functools import partial

from portal.fhir.facts import PlaceFacts
from portal.fhir.reading.contacts import reached_by, written
from portal.fhir.reading.elements import Element
from portal.fhir.reading.identifiers import identifiers_or_uri
from portal.text import PHONE_LENGTH, clean_line

NAME_LENGTH = 100


def place(resource: Element, *, entry: str, full_url: str | None) -> PlaceFacts:
    name = resource.text("name", NAME_LENGTH)
    if name is None:
        raise resource.misfit("name", "is missing")
    address = _address(resource)
    return PlaceFacts(
        entry=entry,
        identifiers=identifiers_or_uri(resource, full_url),
        name=name,
        city=address.text("city", default="") if address else "",
        phone=reached_by(resource, "phone", partial(clean_line, length=PHONE_LENGTH)),
        address=written(address) if address else "",
    )


def _address(resource: Element) -> Element | None:
    """A Location has one address, an Organization a list of them."""
    if isinstance(resource.values.get("address"), list):
        return next(iter(resource.children("address")), None)
    return resource.child("address")
