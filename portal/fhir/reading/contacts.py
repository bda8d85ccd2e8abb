"""Choosing among several names, numbers and addresses, and writing them as one line."""

from collections.abc import Sequence

from portal.fhir.reading.elements import Element

_TELECOM_USES = ("mobile", "home", None, "work", "temp")
_ADDRESS_USES = ("home", None, "work", "temp", "billing")


def best(elements: Sequence[Element], uses: Sequence[str | None]) -> Element | None:
    """The first of the most wanted use; never one of a use that is not named, such as `old`."""
    fit = [element for element in elements if element.text("use") in uses]
    return min(fit, key=lambda element: uses.index(element.text("use")), default=None)


def reached_by(resource: Element, system: str, longest: int) -> str | None:
    """The number or address of this kind by which to reach them."""
    ways = [way for way in resource.children("telecom") if way.text("system") == system]
    way = best([way for way in ways if way.text("value")], _TELECOM_USES)
    return way.text("value", longest) if way else None


def address_line(resource: Element, longest: int) -> str | None:
    """A Patient's address, of which there may be several, in one line."""
    address = best(resource.children("address"), _ADDRESS_USES)
    return written(address, longest) if address else None


def written(address: Element, longest: int) -> str | None:
    """One address in one line; raises `ForeignBundle` when it is too long."""
    parts = [*address.texts("line")]
    parts += [address.text(name, default="") for name in ("city", "state", "postalCode", "country")]
    line = address.text("text", default="") or ", ".join(part for part in parts if part)
    if len(line) > longest:
        raise address.misfit(
            "line", f"and the rest are {len(line)} characters long; the portal keeps {longest}"
        )
    return line or None
