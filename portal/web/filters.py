"""How templates write dates, times and numbers: the one place that turns an instant into words."""

from datetime import date, datetime, time
from functools import partial

from flask import Flask

from portal.hospital import Hospital, clock_in_words
from portal.web import current


def install(app: Flask) -> None:
    # Bound once: a long list asks for hundreds of them, each through Flask's proxies otherwise.
    hospital = app.extensions["settings"].hospital
    app.add_template_filter(partial(day, hospital), "day")
    app.add_template_filter(partial(short_day, hospital), "short_day")
    app.add_template_filter(partial(clock, hospital), "clock")
    app.add_template_filter(partial(day_and_clock, hospital), "day_and_clock")
    app.add_template_filter(hospital_number, "hospital_number")
    app.add_template_filter(age, "age")
    app.add_template_filter(seconds_until, "seconds_until")


def _date(hospital: Hospital, value: date | datetime) -> date:
    return hospital.today(value) if isinstance(value, datetime) else value


def day(hospital: Hospital, value: date | datetime) -> str:
    """`Tuesday 3 March 2026`, on the hospital's calendar."""
    found = _date(hospital, value)
    return f"{found:%A} {found.day} {found:%B %Y}"


def short_day(hospital: Hospital, value: date | datetime) -> str:
    """`3 March 2026`."""
    found = _date(hospital, value)
    return f"{found.day} {found:%B %Y}"


def clock(hospital: Hospital, value: datetime | time) -> str:
    """`9:05am`: an instant on the hospital's clocks, or a time of day as it stands."""
    return clock_in_words(hospital.local(value).time() if isinstance(value, datetime) else value)


def day_and_clock(hospital: Hospital, value: datetime) -> str:
    return f"{day(hospital, value)} at {clock(hospital, value)}"


def hospital_number(value: str) -> str:
    """`943 476 5919`: three, three and four digits, easier to read aloud."""
    return f"{value[:3]} {value[3:6]} {value[6:]}"


def age(birth_date: date) -> str:
    """`42 years`, of small children `14 months` or `9 days`: on the hospital's calendar today."""
    today = current.hospital().today(current.now())
    not_yet = today.day < birth_date.day
    months = (today.year - birth_date.year) * 12 + today.month - birth_date.month - not_yet
    if months < 1:
        return _counted((today - birth_date).days, "day")
    return _counted(months, "month") if months < 24 else _counted(months // 12, "year")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


def seconds_until(instant: datetime) -> int:
    """Whole seconds from this request to the instant; 0 when it has passed."""
    return max(0, int((instant - current.now()).total_seconds()))
