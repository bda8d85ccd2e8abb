"""How long a result may be held from a patient. Pure."""

from datetime import date, timedelta

MOST_DAYS = 30
"""The longest hold; a talk with the patient should be possible by then."""

MISSING_REASON = "Say why it is held"
MISSING_END = "Enter the day until which it is held"


def check_end(day: date | None, today: date) -> date:
    """The day until which a result is held; raises `ValueError` unless it is within `MOST_DAYS` after
    today."""
    if day is None:
        raise ValueError(MISSING_END)
    if day <= today:
        raise ValueError("This must be after today")
    if day > today + timedelta(days=MOST_DAYS):
        raise ValueError(f"A result can be held for at most {MOST_DAYS} days")
    return day
