"""Likely duplicates are noticed before a patient is registered twice."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.errors import Forbidden
from portal.patients.registration.queries import MOST, likely_duplicates
from tests.builders import actor_of, an_account, audited, context_for, demographics, findable


@pytest.fixture
def reception(session: Session) -> Actor:
    return actor_of(an_account(session, Role.RECEPTION))


def reasons(session: Session, by: Actor, **facts: Any) -> list[str]:
    found = likely_duplicates(context_for(session, by), demographics=demographics(**facts))
    return [one.likeness.reason for one in found]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, "Same name and date of birth"),
        ({"given": "Okafor", "family": "Amina"}, "Same name and date of birth"),
        ({"given": "AMÍNA"}, "Same name and date of birth"),
        ({"given": "Grace", "family": "Bell"}, "Same date of birth and phone number"),
        (
            {"given": "Aminah", "birth_date": date(1990, 1, 1), "phone": "+44 7700 900123"},
            "Same phone number and a similar name",
        ),
        ({"given": "Aminah", "phone": None}, "Same date of birth and a similar name"),
        (
            {"birth_date": date(1984, 3, 28), "phone": None},
            "Same name, and a date of birth that is nearly the same",
        ),
        (
            {"birth_date": date(1974, 3, 27), "phone": None},
            "Same name, and a date of birth that is nearly the same",
        ),
    ],
)
def test_likely_duplicates_are_found(
    session: Session, reception: Actor, facts: dict[str, Any], reason: str
) -> None:
    findable(session)

    assert reasons(session, reception, **facts) == [reason]


@pytest.mark.parametrize(
    ("kept", "typed"), [("O'Connor", "O Connor"), ("O Connor", "O’Connor"), ("Mac Neil", "MacNeil")]
)
@pytest.mark.parametrize("born", [date(1984, 3, 27), date(1984, 3, 28)])
def test_a_name_written_in_one_word_or_two_is_the_same(
    session: Session, reception: Actor, kept: str, typed: str, born: date
) -> None:
    findable(session, family=kept, phone=None)
    (reason,) = reasons(session, reception, family=typed, phone=None, birth_date=born)

    assert reason.startswith("Same name")


def test_day_and_month_of_birth_may_be_swapped(session: Session, reception: Actor) -> None:
    findable(session, birth_date=date(1984, 5, 4))

    assert len(reasons(session, reception, birth_date=date(1984, 4, 5), phone=None)) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"given": "Grace", "family": "Bell", "phone": None},
        {"given": "Grace", "family": "Bell", "birth_date": date(1990, 1, 1)},
        {"birth_date": date(1990, 1, 1), "phone": None},
    ],
)
def test_other_people_are_not_found(
    session: Session, reception: Actor, facts: dict[str, Any]
) -> None:
    findable(session)

    assert reasons(session, reception, **facts) == []


def test_the_likeliest_come_first_and_not_too_many(session: Session, reception: Actor) -> None:
    for _ in range(MOST):
        findable(session, given="Aminah", phone=None)
    findable(session)

    found = reasons(session, reception)

    assert len(found) == MOST
    assert found[0] == "Same name and date of birth"


def test_a_record_merged_away_is_no_duplicate(session: Session, reception: Actor) -> None:
    kept = findable(session, given="Grace", family="Bell", birth_date=date(1950, 1, 1), phone=None)
    findable(session, merged_into_id=kept.id)

    assert reasons(session, reception) == []


def test_what_is_shown_is_audited(session: Session, reception: Actor) -> None:
    patient = findable(session)
    reasons(session, reception)

    assert [event.patient_ref for event in audited(session)] == [patient.ref]


def test_only_reception_is_shown_duplicates(session: Session) -> None:
    with pytest.raises(Forbidden):
        reasons(session, actor_of(an_account(session, Role.PATIENT)))
