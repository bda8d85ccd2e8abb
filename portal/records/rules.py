"""Shared by all parts of the record: comparing texts, and partial dates."""

import hashlib
import re
from datetime import date

from anyascii import anyascii

from portal.text import OLDEST_YEARS

_WORDS = re.compile(r"[a-z0-9]+")
_PARTIAL = re.compile(r"(?:(?:(\d{1,2})[ ./-])?(\d{1,2})[ ./-])?(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
NOT_A_DATE = "Enter a year, a month and year, or a date, such as 2019, 5 2019 or 12 5 2019"


def folded(text: str) -> str:
    """The words in lower case without accents, separated by single spaces."""
    return " ".join(_WORDS.findall(anyascii(text).lower()))


def key_of(text: str) -> str:
    """A key that is equal for all spellings of a text, of any length and in any script."""
    words = folded(text) or text.strip().lower()
    return hashlib.sha256(words.encode()).hexdigest()


def partial_date(typed: str) -> str:
    """`2019`, `2019-05` or `2019-05-12`, as in FHIR. Raises `ValueError` for anything else."""
    text = typed.strip()
    if not text:
        return ""
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _PARTIAL.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise ValueError(NOT_A_DATE)
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError(NOT_A_DATE) from None
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def interval(partial: str) -> tuple[date, date]:
    """The first and last day of a partial date."""
    parts = [int(part) for part in partial.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else None
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    first = date(year, month or 1, 1)
    next_month = (month or 12) % 12 + 1
    after = date(year + (next_month == 1), next_month, 1)
    return first, date.fromordinal(after.toordinal() - 1)


def check_partial(partial: str, born: date, today: date) -> None:
    """Raises `ValueError` for a date before birth, in the future, or before any living person was born."""
    if not partial:
        return
    first, last = interval(partial)
    if first > today:
        raise ValueError("This must be today or in the past")
    if last.year < today.year - OLDEST_YEARS:
        raise ValueError(f"This must be within the last {OLDEST_YEARS} years. Check the year")
    if last < born:
        raise ValueError("This is before the patient was born. Check the date")


def check_order(earlier: str, later: str) -> None:
    """Raises `ValueError` when the second date is certainly before the first."""
    if earlier and later and interval(later)[1] < interval(earlier)[0]:
        raise ValueError("This is before it began. Check both dates")
