"""Template filters for dates, times and numbers: `words.py` with the hospital's zone and locale."""

from datetime import date, datetime, time
from functools import partial

from flask import Flask

from portal import words
from portal.settings.hospital import Hospital
from portal.web import current


def install(app: Flask) -> None:
    # Arguments are bound once, because a long list calls them hundreds of times and Flask's proxies are slow.
    hospital = app.extensions["settings"].hospital
    app.add_template_filter(partial(day, hospital), "day")
    app.add_template_filter(partial(short_day, hospital), "short_day")
    app.add_template_filter(partial(day_and_month, hospital), "day_and_month")
    app.add_template_filter(partial(weekday, hospital), "weekday")
    app.add_template_filter(partial(partial_day, hospital), "partial_day")
    app.add_template_filter(partial(clock, hospital), "clock")
    app.add_template_filter(partial(day_and_clock, hospital), "day_and_clock")
    app.add_template_filter(hospital_number, "hospital_number")
    app.add_template_filter(age, "age")
    app.add_template_filter(seconds_until, "seconds_until")


def _date(hospital: Hospital, value: date | datetime) -> date:
    return hospital.today(value) if isinstance(value, datetime) else value


def day(hospital: Hospital, value: date | datetime) -> str:
    """`Tuesday 3 March 2026`, in the hospital's zone."""
    return words.long_day(_date(hospital, value), hospital.locale)


def short_day(hospital: Hospital, value: date | datetime) -> str:
    """`3 March 2026`."""
    return words.short_day(_date(hospital, value), hospital.locale)


def day_and_month(hospital: Hospital, value: date) -> str:
    """`3 Mar`."""
    return words.day_and_month(value, hospital.locale)


def weekday(hospital: Hospital, number: int) -> str:
    """`Monday` for 0."""
    return words.weekday(number, hospital.locale)


def partial_day(hospital: Hospital, known: str) -> str:
    """`May 2019`: a date that may be known only to the year or month."""
    return words.partial_day(known, hospital.locale)


def clock(hospital: Hospital, value: datetime | time) -> str:
    """`9:05am`: an instant in the hospital's zone, or a time of day."""
    if isinstance(value, datetime):
        return words.clock_at(value, hospital.zone, hospital.locale)
    return words.clock(value, hospital.locale)


def day_and_clock(hospital: Hospital, value: datetime) -> str:
    return f"{day(hospital, value)} at {clock(hospital, value)}"


def hospital_number(value: str) -> str:
    """`943 476 5919`: three, three and four digits, easier to read aloud."""
    return f"{value[:3]} {value[3:6]} {value[6:]}"


def age(birth_date: date) -> str:
    """The age today in the hospital's zone: `42 years`, for small children `14 months` or `9 days`."""
    hospital = current.hospital()
    return words.age(birth_date, hospital.today(current.now()), hospital.locale)


def seconds_until(instant: datetime) -> int:
    """Whole seconds from this request to the instant; 0 when it has passed."""
    return max(0, int((instant - current.now()).total_seconds()))
