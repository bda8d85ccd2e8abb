"""Demographics of Amina Okafor: for an action, and as a browser sends them."""

from datetime import date
from typing import Any

from portal.patients.registration.rules import Demographics
from portal.vocabulary import AdministrativeGender


def demographics(**facts: Any) -> Demographics:
    """The demographics of Amina Okafor; `changes` replaces fields."""
    defaults: dict[str, Any] = {
        "given": "Amina",
        "family": "Okafor",
        "birth_date": date(1984, 3, 27),
        "gender": AdministrativeGender.FEMALE,
        "phone": "07700 900123",
    }
    return Demographics(**{**defaults, **facts})


def typed_demographics(**facts: str) -> dict[str, str]:
    """The form about Amina Okafor as a browser sends it."""
    defaults = {
        "given": "Amina",
        "family": "Okafor",
        "birth_date-day": "27",
        "birth_date-month": "3",
        "birth_date-year": "1984",
        "gender": "female",
        "phone": "07700 900123",
        "language": "en",
    }
    return {**defaults, **facts}
