"""Demographics in words, field by field. Pages loop over these lines, so that no field is missing."""

from datetime import date
from typing import NamedTuple

from portal.patients.registration.rules import Demographics, titles
from portal.vocabulary import Term
from portal.words import language_name, short_day


class Line(NamedTuple):
    name: str
    title: str
    texts: tuple[str, ...]
    """One value per person; empty if unknown."""


def described(*people: Demographics, locale: str) -> list[Line]:
    """One line per field, with the value of each person."""
    return [
        Line(name, title, tuple(in_words(name, getattr(one, name), locale) for one in people))
        for name, title in titles(Demographics).items()
    ]


def in_words(name: str, value: object, locale: str) -> str:
    """The value of a field in words; empty when there is none."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if not value:
        return ""
    if name == "language":
        return language_name(str(value), locale)
    if isinstance(value, date):
        return short_day(value, locale)
    return value.title if isinstance(value, Term) else str(value)
