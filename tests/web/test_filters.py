from datetime import UTC, date, datetime

import pytest
from flask import Flask, g

from portal.web import filters


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2026, 3, 3), "0 days"),
        (date(2026, 3, 2), "1 day"),
        (date(2026, 2, 4), "27 days"),
        (date(2026, 2, 3), "1 month"),
        (date(2024, 3, 4), "23 months"),
        (date(2024, 3, 3), "2 years"),
        (date(1984, 3, 4), "41 years"),
        (date(1984, 3, 3), "42 years"),
        (date(1984, 2, 29), "42 years"),
    ],
)
def test_an_age_is_in_days_weeks_months_or_years(app: Flask, born: date, words: str) -> None:
    with app.app_context():
        g.now = datetime(2026, 3, 3, 10, tzinfo=UTC)
        assert filters.age(born) == words


def test_an_age_is_counted_on_the_hospitals_calendar(app: Flask) -> None:
    with app.app_context():
        g.now = datetime(2026, 6, 3, 23, 30, tzinfo=UTC)  # half past midnight of the fourth
        assert filters.age(date(2024, 6, 4)) == "2 years"
