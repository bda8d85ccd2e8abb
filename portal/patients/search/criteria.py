"""Parses the input of the search box: names, numbers and dates in any order. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from portal.patients.registration.rules import is_hospital_number
from portal.patients.search import rules
from portal.patients.search.rules import BORN, CALLED, NUMBERED, PHONE_DIGITS, birth_digits
from portal.text import OLDEST_YEARS

MOST_CRITERIA = 6


class Criterion(NamedTuple):
    """A patient matches if one of their search terms begins with any of these."""

    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """A search: patients who meet every criterion."""

    criteria: tuple[Criterion, ...]
    mistyped_number: bool = False
    """Ten digits that would be a hospital number if the check digit were correct."""


_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    "(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    "|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_ALONE_BEFORE, _ALONE_AFTER = r"(?<![\w./-])", r"(?!\w|[./-]\d)"
_DATES = tuple(
    re.compile(f"{_ALONE_BEFORE}{form}{_ALONE_AFTER}", re.ASCII | re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<by>[-/.])(?P<month>\d{1,2})(?P=by)(?P<day>\d{1,2})",
        rf"{_DAY} ?(?P<by>[-/.]) ?(?P<month>\d{{1,2}}) ?(?P=by) ?{_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th)?[ ./-]*{_MONTH}[ .,/-]*{_YEAR}",
        rf"{_MONTH}\.? ?{_DAY}(?:st|nd|rd|th)?[ ,]+{_YEAR}",
        rf"{_DAY} (?P<month>\d{{1,2}}) {_YEAR}(?! ?\d)",
    )
)
_DIGITS = re.compile(r"(?<![^\W_])\+?\d(?:[ ().-]*\d)*(?![^\W_])", re.ASCII)
_BARRIER = " ; "
"""Replaces a date, so that the digits before and after it are not joined."""


def parse_search(text: str, *, today: date) -> Search:
    """Parses the input. The search has no criteria if nothing in it can be searched for.

    Words match the beginnings of names. Dates have the day first, or the month first if only that is a valid
    date; a two-digit year may be in this or the last century. A number may be (the beginning of) a hospital
    number, (the end of) a phone number, a year or a date of birth.
    """
    rest = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text))
    criteria: list[Criterion] = []
    mistyped = False
    for form in _DATES:
        for found in form.finditer(rest):
            if prefixes := tuple(f"{BORN}{birth_digits(day)}" for day in _dates(found, today)):
                criteria.append(Criterion(prefixes))
                rest = rest.replace(found.group(), _BARRIER, 1)
    for found in _DIGITS.finditer(rest):
        digits = re.sub(r"\D", "", found.group())
        if prefixes := tuple(_readings(digits, today)):
            criteria.append(Criterion(prefixes))
            rest = rest.replace(found.group(), _BARRIER, 1)
            mistyped |= len(digits) == 10 and not is_hospital_number(digits)
    criteria += [Criterion((word,)) for word in rules.words(rest)]
    return Search(tuple(dict.fromkeys(criteria))[:MOST_CRITERIA], mistyped)


def _dates(found: re.Match[str], today: date) -> Iterator[date]:
    parts = found.groupdict()
    day = int(parts["day"])
    name = parts.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(parts["month"])
    for year in _years(parts["year"], today):
        dates = (_date(year, month, day), None if name else _date(year, day, month))
        yield from [real for real in dates if real][:1]


def _years(typed: str, today: date) -> list[int]:
    if len(typed) == 4:
        return [int(typed)]
    return [year for year in (1900 + int(typed), 2000 + int(typed)) if year <= today.year]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _readings(digits: str, today: date) -> Iterator[str]:
    """All meanings that these digits may have."""
    if len(digits) < 3:
        return
    if len(digits) == 4 and today.year - OLDEST_YEARS <= int(digits) <= today.year:
        yield f"{BORN}{digits}"
    if len(digits) == 8:
        forms = ((digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[2:4], digits[:2]))
        for form in forms:
            if day := _date(*map(int, form)):
                yield f"{BORN}{birth_digits(day)}"
    if len(digits) < 10 or is_hospital_number(digits):
        yield f"{NUMBERED}{digits}"
    yield f"{CALLED}{digits[::-1][:PHONE_DIGITS]}"
