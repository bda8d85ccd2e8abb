"""The status of a medicine on a day, and valid dates. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from portal.errors import Unfit
from portal.vocabulary import AdministrationRoute

FURTHEST_AHEAD = timedelta(days=366)
TOO_FAR = "This must be within a year from today. Check the year"


class Taken(Enum):
    """The status of a prescription on a given day."""

    PLANNED = "planned"
    CURRENT = "current"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """How a medicine is taken. Stopping it is a separate step."""

    medication: str
    dose: str
    route: AdministrationRoute
    frequency: str
    starts_on: date
    ends_on: date | None
    note: str


def taken(starts_on: date, ends_on: date | None, stopped_on: date | None, today: date) -> Taken:
    """`ends_on` is the last day with it, `stopped_on` the first day without it."""
    if (ends_on is not None and ends_on < today) or (
        stopped_on is not None and stopped_on <= today
    ):
        return Taken.ENDED
    return Taken.PLANNED if starts_on > today else Taken.CURRENT


def check(prescription: Prescription, born: date, today: date) -> None:
    """Raises `Unfit` for impossible days."""
    if prescription.starts_on < born:
        raise Unfit("starts_on", "This is before the patient was born. Check the date")
    if prescription.starts_on > today + FURTHEST_AHEAD:
        raise Unfit("starts_on", TOO_FAR)
    if prescription.ends_on is not None and prescription.ends_on < prescription.starts_on:
        raise Unfit("ends_on", "The last day is before the first. Check both dates")


def check_stop(stopped_on: date, starts_on: date, today: date) -> None:
    if stopped_on < starts_on:
        raise Unfit("stopped_on", "This is before the medicine was begun. Check the date")
    if stopped_on > today + FURTHEST_AHEAD:
        raise Unfit("stopped_on", TOO_FAR)
