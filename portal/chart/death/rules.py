"""Valid days of death. Pure."""

from datetime import date

MISSING = "Enter the day of death"


def check_day(died_on: date | None, born: date, today: date) -> date:
    """The day; raises `ValueError` when it is missing, before birth or in the future."""
    if died_on is None:
        raise ValueError(MISSING)
    if died_on > today:
        raise ValueError("This must be today or in the past")
    if died_on < born:
        raise ValueError("This is before the patient was born. Check the date")
    return died_on
