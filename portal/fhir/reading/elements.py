"""Access to the elements of a resource. Errors name the path of the element."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, overload

from portal.fhir.foreign import ForeignBundle

_SPACES = re.compile(r"\s+")
_NEVER_IN_TEXT = frozenset({"Cc", "Cs"})
"""Control characters and halves of surrogate pairs: no database or page accepts them."""

_SHAPES = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Element:
    """An object of a resource, and its path: `Patient.name[0]`."""

    values: dict[str, Any]
    path: str

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def misfit(self, name: str, fault: str) -> ForeignBundle:
        """An error to raise about the element of this name."""
        return ForeignBundle(f"{self.path}.{name} {fault}")

    @overload
    def text(self, name: str, longest: int = ...) -> str | None: ...

    @overload
    def text(self, name: str, longest: int = ..., *, default: str) -> str: ...

    def text(self, name: str, longest: int = 0, *, default: str | None = None) -> str | None:
        """One line of text, `default` when it is absent or blank. `longest` 0 means no limit."""
        value = self.values.get(name)
        if value is None:
            return default
        return self._line(name, value, longest) or default

    def cleaned(self, name: str, line: str, clean: Callable[[str], str]) -> str:
        """A line made from this element, cleaned as in forms by a function of `portal/text.py`."""
        try:
            return clean(line)
        except ValueError as fault:
            raise self.misfit(name, f"does not fit. {fault}") from None

    def shortened(self, name: str, longest: int) -> str:
        """Text that is only for reading: if it is too long, it ends in an ellipsis."""
        text = self.text(name, default="")
        return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"

    def texts(self, name: str) -> list[str]:
        return [
            line
            for place, value in self._items(name)
            if value is not None and (line := self._line(place, value))
        ]

    def flag(self, name: str) -> bool:
        """Whether it is true; absent means no."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise self.misfit(name, f"is {_shape(value)}, where true or false belongs")
        return value

    def child(self, name: str) -> "Element | None":
        value = self.values.get(name)
        return None if value is None else self._object(name, value)

    def children(self, name: str) -> list["Element"]:
        return [self._object(place, value) for place, value in self._items(name)]

    def _items(self, name: str) -> Iterator[tuple[str, Any]]:
        values = self.values.get(name)
        if values is None:
            return
        if not isinstance(values, list):
            raise self.misfit(name, f"is {_shape(values)}, where a list belongs")
        for position, value in enumerate(values):
            yield f"{name}[{position}]", value

    def _object(self, place: str, value: Any) -> "Element":
        if not isinstance(value, dict):
            raise self.misfit(place, f"is {_shape(value)}, where an object belongs")
        return Element(value, f"{self.path}.{place}")

    def _line(self, place: str, value: Any, longest: int = 0) -> str:
        if not isinstance(value, str):
            raise self.misfit(place, f"is {_shape(value)}, where text belongs")
        line = _SPACES.sub(" ", value).strip()
        if any(unicodedata.category(character) in _NEVER_IN_TEXT for character in line):
            raise self.misfit(place, "holds control characters or broken Unicode")
        if longest and len(line) > longest:
            raise self.misfit(
                place, f"is {len(line)} characters long; the portal keeps {longest} at most"
            )
        return line


def _shape(value: Any) -> str:
    return _SHAPES[type(value)]
