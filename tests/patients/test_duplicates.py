"""Likely duplicates are noticed before a patient is registered twice."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.errors import Forbidden
from portal.patients.duplicates import MOST, likely_duplicates
from tests.hospital import NOW, actor_of, an_account
from tests.patients.people import audited, demographics, findable


@pytest.fixture
def reception(session: Session) -> Actor:
    return actor_of(an_account(session, Role.RECEPTION))


def reasons(session: Session, by: Actor, **facts: Any) -> list[str]:
    found = likely_duplicates(session, by=by, facts=demographics(**facts), now=NOW)
    return [one.reason for one in found]


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
def test_who_is_likely_the_same(
    session: Session, reception: Actor, facts: dict[str, Any], reason: str
) -> None:
    findable(session)

    assert reasons(session, reception, **facts) == [reason]


def test_day_and_month_may_have_changed_places(session: Session, reception: Actor) -> None:
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
def test_who_is_likely_somebody_else(
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


def test_only_who_registers_is_told(session: Session) -> None:
    with pytest.raises(Forbidden):
        reasons(session, actor_of(an_account(session, Role.PATIENT)))
