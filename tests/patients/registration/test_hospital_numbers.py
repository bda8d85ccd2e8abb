"""Hospital numbers have a check digit that catches typing mistakes, and are given once."""

import secrets
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.patients.registration import rules
from portal.patients.registration.hospital_numbers import give_hospital_number
from tests.builders import a_patient, unsaved_patient

BASES = st.integers(rules.LOWEST_BASE, rules.HIGHEST_BASE)


@given(BASES)
def test_a_hospital_number_is_its_base_and_a_check_digit(base: int) -> None:
    number = rules.hospital_number(base)

    assert len(number) == 10
    assert number.startswith(str(base))
    assert rules.is_hospital_number(number)


@given(BASES, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(base: int, place: int, shift: int) -> None:
    number = rules.hospital_number(base)
    wrong = str((int(number[place]) + shift) % 10)

    assert not rules.is_hospital_number(number[:place] + wrong + number[place + 1 :])


@given(BASES, st.integers(0, 8))
def test_two_swapped_neighbours_are_always_noticed(base: int, place: int) -> None:
    number = rules.hospital_number(base)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert swapped == number or not rules.is_hospital_number(swapped)


@pytest.mark.parametrize(
    "text", ["", "123", "٠١٢٣٤٥٦٧٨٩", "0123456789", "12345678901", "abcdefghij"]
)
def test_other_text_is_no_hospital_number(text: str) -> None:
    assert not rules.is_hospital_number(text)


def test_a_base_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="nine digits"):
        rules.hospital_number(99_999_999)


def test_a_new_patient_gets_a_valid_number(session: Session) -> None:
    patient = unsaved_patient()
    give_hospital_number(session, patient)

    assert patient.id is not None
    assert rules.is_hospital_number(patient.hospital_number)


@pytest.fixture
def bases(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The next random numbers, above the lowest base."""
    queue: list[int] = []
    draws: Iterator[int] = iter(lambda: queue.pop(0), None)
    monkeypatch.setattr(secrets, "randbelow", lambda _: next(draws))
    return queue


def test_a_number_that_is_taken_is_not_given_again(session: Session, bases: list[int]) -> None:
    bases += [7, 7, 7, 8]
    first, second = unsaved_patient(), unsaved_patient()
    give_hospital_number(session, first)
    give_hospital_number(session, second)

    assert first.hospital_number == rules.hospital_number(rules.LOWEST_BASE + 7)
    assert second.hospital_number == rules.hospital_number(rules.LOWEST_BASE + 8)
    assert first.id != second.id


def test_a_fault_of_another_kind_is_not_hidden(session: Session) -> None:
    first = a_patient(session)

    with pytest.raises(IntegrityError):
        give_hospital_number(session, unsaved_patient(ref=first.ref))
