"""The base of all enums of the domain."""

from enum import Enum
from typing import Self


class Term(Enum):
    """A member is written as `NAME = "value", "Title"`; `Term("value")` finds it."""

    title: str

    def __new__(cls, value: str, title: str = "") -> Self:
        term = object.__new__(cls)
        term._value_ = value
        term.title = title
        return term

    @classmethod
    def choices(cls) -> dict[str, str]:
        """Titles by value, in the order of the members, for form fields."""
        return {term.value: term.title for term in cls}
