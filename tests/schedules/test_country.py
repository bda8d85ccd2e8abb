"""Weeks and public holidays are those of the hospital's country."""

from datetime import date, time

import pytest

from portal.schedules.absences.bank_holidays import names_of
from portal.schedules.rules import Span
from portal.schedules.wording import week_of
from portal.words import day_and_month, is_weekend, week_begins, weekdays

WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("locale", "first", "begins"),
    [
        ("en_GB", 0, date(2026, 3, 2)),
        ("es_ES", 0, date(2026, 3, 2)),
        ("en_US", 6, date(2026, 3, 1)),
    ],
)
def test_a_week_begins_on_the_countrys_first_day(locale: str, first: int, begins: date) -> None:
    assert weekdays(locale)[0] == first
    assert sorted(weekdays(locale)) == list(range(7))
    assert week_begins(WEDNESDAY, locale) == begins
    assert week_begins(begins, locale) == begins


def test_days_in_a_row_are_those_of_the_locale() -> None:
    hours = [Span(day, time(9), time(12)) for day in (0, 5, 6)]

    assert week_of(hours, "en_GB") == [
        ("Monday", "9am to midday"),
        ("Saturday to Sunday", "9am to midday"),
    ]
    assert week_of(hours, "en_US") == [
        ("Sunday to Monday", "9am to midday"),
        ("Saturday", "9am to midday"),
    ]


def test_the_weekend_and_short_names_of_days_are_the_countrys() -> None:
    assert [is_weekend(date(2026, 3, day), "en_GB") for day in (6, 7, 8)] == [False, True, True]
    assert day_and_month(WEDNESDAY, "en_GB") == "4 Mar"


def test_public_holidays_are_those_of_the_region() -> None:
    boxing_day, andrew = date(2026, 12, 28), date(2026, 11, 30)

    assert boxing_day in names_of("GB-ENG", [2026])
    assert andrew not in names_of("GB-ENG", [2026])
    assert andrew in names_of("GB-SCT", [2026])
    assert date(2026, 10, 12) in names_of("ES", [2026])
