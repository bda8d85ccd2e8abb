"""FHIR's date and dateTime. The portal needs whole days, and instants with a time zone."""

import re
from datetime import date, datetime, time

from portal.fhir.reading.elements import Element
from portal.settings.hospital import Hospital

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARTIAL = re.compile(r"\d{4}(-\d{2})?")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
EARLIEST_YEAR = 1850


def day(element: Element, name: str) -> date | None:
    """A whole day, from a date or a dateTime; None when absent."""
    text = element.text(name)
    if text is None:
        return None
    if _PARTIAL.fullmatch(text):
        raise element.misfit(
            name, "gives only a year or a month, which FHIR allows; the portal needs the day"
        )
    if not _DAY.fullmatch(text) and not _INSTANT.fullmatch(text):
        raise element.misfit(name, "is not a FHIR date such as 1984-03-27")
    return _existing(element, name, text[:10]).date()


def instant(element: Element, name: str, hospital: Hospital) -> datetime | None:
    """An aware instant; a day without a time becomes its first instant in the hospital's zone."""
    text = element.text(name)
    if text is None:
        return None
    if _INSTANT.fullmatch(text):
        return _existing(element, name, text)
    found = day(element, name)
    return None if found is None else hospital.instant(found, time.min)


def _existing(element: Element, name: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise element.misfit(name, "is a date or time that does not exist") from None
    if found.year < EARLIEST_YEAR:
        raise element.misfit(name, f"lies before the year {EARLIEST_YEAR}")
    return found
