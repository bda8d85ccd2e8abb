"""Choosing from several names, numbers and addresses, and writing them as one line."""

from collections.abc import Callable, Sequence

from portal.fhir.reading.elements import Element
from portal.text import clean_paragraph

_TELECOM_USES = ("mobile", "home", None, "work", "temp")
_ADDRESS_USES = ("home", None, "work", "temp", "billing")


def best(elements: Sequence[Element], uses: Sequence[str | None]) -> Element | None:
    """The first one of the best use; never one of a use that is not listed, such as `old`."""
    fit = [element for element in elements if element.text("use") in uses]
    return min(fit, key=lambda element: uses.index(element.text("use")), default=None)


def reached_by(resource: Element, system: str, clean: Callable[[str], str]) -> str:
    """The number or address of this kind to reach them; empty when there is none."""
    ways = [way for way in resource.children("telecom") if way.text("system") == system]
    way = best([way for way in ways if way.text("value")], _TELECOM_USES)
    return way.cleaned("value", way.text("value", default=""), clean) if way else ""


def address_line(resource: Element) -> str:
    """A Patient's best address in one line; empty when there is none."""
    address = best(resource.children("address"), _ADDRESS_USES)
    return written(address) if address else ""


def written(address: Element) -> str:
    """One address in one line; raises `ForeignBundle` when it is too long."""
    parts = [*address.texts("line")]
    parts += [address.text(name, default="") for name in ("city", "state", "postalCode", "country")]
    line = address.text("text", default="") or ", ".join(part for part in parts if part)
    return address.cleaned("line", line, clean_paragraph)
