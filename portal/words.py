"""Dates, times, ages, names and lists in words, by locale. Pure; the locale is an argument."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.units import format_unit

REMEMBERED = 4096
"""Babel is slow, and a list repeats the same few days and times."""


@lru_cache(REMEMBERED)
def long_day(day: date, locale: str) -> str:
    """`Tuesday 3 March 2026`."""
    return format_date(day, "EEEE d MMMM y" if _is_english(locale) else "full", locale)


@lru_cache(REMEMBERED)
def short_day(day: date, locale: str) -> str:
    """`3 March 2026`."""
    return format_date(day, "d MMMM y" if _is_english(locale) else "long", locale)


@lru_cache(REMEMBERED)
def day_and_month(day: date, locale: str) -> str:
    """`3 Mar`."""
    return (
        format_date(day, "d MMM", locale)
        if _is_english(locale)
        else format_skeleton("MMMd", day, locale=locale)
    )


@lru_cache(REMEMBERED)
def partial_day(known: str, locale: str) -> str:
    """A date that may be known only to the year or month: `2019`, `May 2019`, `12 May 2019`."""
    year, *rest = (int(part) for part in known.split("-"))
    if not rest:
        return str(year)
    if len(rest) == 1:
        return format_skeleton("yMMMM", date(year, rest[0], 1), locale=locale)
    return short_day(date(year, *rest), locale)


@lru_cache(REMEMBERED)
def weekday(number: int, locale: str) -> str:
    """`Monday` for 0."""
    return str(Locale.parse(locale).days["stand-alone"]["wide"][number])


def first_weekday(locale: str) -> int:
    """The first day of the week in this locale, 0 for Monday."""
    return int(Locale.parse(locale).first_week_day)


def weekdays(locale: str) -> list[int]:
    """The days of a week in this locale's order, 0 for Monday."""
    first = first_weekday(locale)
    return [(first + count) % 7 for count in range(7)]


def week_begins(day: date, locale: str) -> date:
    """The first day of the week in which `day` lies."""
    return day - timedelta(days=(day.weekday() - first_weekday(locale)) % 7)


def is_weekend(day: date, locale: str) -> bool:
    there = Locale.parse(locale)
    return there.weekend_start <= day.weekday() <= there.weekend_end


@lru_cache(REMEMBERED)
def clock(time_of_day: time, locale: str) -> str:
    """`9:05am`, `midday`, `midnight` as in the NHS content guide; other locales use their own format."""
    if not _is_english(locale):
        return format_time(time_of_day, "short", locale=locale)
    if time_of_day.minute == 0 and time_of_day.hour in (0, 12):
        return "midnight" if time_of_day.hour == 0 else "midday"
    minutes = f":{time_of_day:%M}" if time_of_day.minute else ""
    return f"{time_of_day.hour % 12 or 12}{minutes}{'am' if time_of_day.hour < 12 else 'pm'}"


@lru_cache(REMEMBERED)
def clock_at(instant: datetime, zone: ZoneInfo, locale: str) -> str:
    """The hospital's local time. In the hour that is repeated in autumn, with the zone: `1:30am (BST)`."""
    local = instant.astimezone(zone)
    said = clock(local.time(), locale)
    return f"{said} ({local:%Z})" if _comes_twice(local) else said


def age(birth_date: date, today: date, locale: str) -> str:
    """`42 years`; for small children `14 months` or `9 days`."""
    months = months_between(birth_date, today)
    if months < 1:
        return format_unit((today - birth_date).days, "duration-day", locale=locale)
    if months < 24:
        return format_unit(months, "duration-month", locale=locale)
    return format_unit(months // 12, "duration-year", locale=locale)


def months_between(birth_date: date, today: date) -> int:
    """Age in whole months. For a birth on the 31st, a short month counts on the 1st of the next month."""
    not_yet = today.day < birth_date.day
    return (today.year - birth_date.year) * 12 + today.month - birth_date.month - not_yet


def listed(parts: Iterable[str], locale: str) -> str:
    """`a, b and c`."""
    return format_list(list(parts), locale=locale)


def counted(number: int, what: str) -> str:
    """`1 free time`, `12 free times`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def name_of(given: str, family: str, prefix: str = "") -> str:
    """A person's full name. The given name is empty for a person with only one name."""
    return " ".join(part for part in (prefix, given, family) if part)


def listed_name(given: str, family: str) -> str:
    """`Okafor, Amina`, for lists that are ordered by family name."""
    return ", ".join(part for part in (family, given) if part)


def _is_english(locale: str) -> bool:
    return locale.startswith("en")


def _comes_twice(local: datetime) -> bool:
    """Whether this local time occurs twice because the clocks go back (PEP 495)."""
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second


UNLISTED = "und"
"""BCP 47's "undetermined": a language that is not listed and whose code was unknown."""
_LANGUAGES = {
    "bfi": "British Sign Language",
    "prs": "دری (Dari)",
    "rom": "Romani",
    "tl": "Tagalog",
    UNLISTED: "Another language",
}
"""Names that CLDR, the source of Babel's names, lacks or words differently."""


@lru_cache(REMEMBERED)
def language_name(tag: str, locale: str) -> str:
    """`Polski (Polish)`; the tag itself when CLDR has no name for it."""
    if tag in _LANGUAGES:
        return _LANGUAGES[tag]
    ours = language_in_ours(tag, locale)
    if not ours:
        return tag
    its_own = language_in_ours(tag, tag) or ours
    # Titlecase, because uppercase would write Georgian in letters that nobody uses there.
    its_own = its_own[:1].title() + its_own[1:]
    return ours if its_own == ours else f"{its_own} ({ours})"


def language_in_ours(tag: str, locale: str) -> str | None:
    """Its name in the language of the locale, if there is one."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
