"""A parent's access ends on the configured birthday. A carer's access ends when somebody ends it."""

from datetime import date, timedelta

import pytest

from portal.patients.access import rules
from portal.vocabulary import Relationship

LEAP_CHILD = date(2012, 2, 29)


@pytest.mark.parametrize(
    ("born", "age", "day"),
    [
        (date(2010, 5, 6), 16, date(2026, 5, 6)),
        (LEAP_CHILD, 16, date(2028, 2, 29)),
        (LEAP_CHILD, 18, date(2030, 3, 1)),
    ],
)
def test_birthdays(born: date, age: int, day: date) -> None:
    assert rules.birthday(born, age) == day


@pytest.mark.parametrize("kind", [Relationship.PARENT, Relationship.GUARDIAN])
def test_a_parents_access_ends_on_the_birthday(kind: Relationship) -> None:
    assert rules.ends_on(kind, date(2010, 5, 6), 16) == date(2026, 5, 6)


@pytest.mark.parametrize("kind", [Relationship.ONESELF, Relationship.CARER])
def test_other_access_has_no_end_of_its_own(kind: Relationship) -> None:
    assert rules.ends_on(kind, date(2010, 5, 6), 16) is None


def test_who_may_act_changes_on_the_birthday() -> None:
    day = rules.birthday(LEAP_CHILD, 18)
    before = rules.proxies_for(LEAP_CHILD, day - timedelta(days=1), 18)

    assert before == (Relationship.PARENT, Relationship.GUARDIAN)
    assert rules.proxies_for(LEAP_CHILD, day, 18) == (Relationship.CARER,)
