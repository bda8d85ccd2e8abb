"""Search terms follow their patients; hospital numbers are given once."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.models import Patient, PatientSearchTerm
from portal.models import hospital_number as numbers
from portal.models.hospital_number import give_hospital_number
from portal.models.search_terms import write_search_terms
from portal.patients import rules
from tests.hospital import a_patient, unsaved_patient


def terms_of(session: Session, patient: Patient) -> set[str]:
    rows = session.scalars(
        select(PatientSearchTerm.term).where(PatientSearchTerm.patient_id == patient.id)
    )
    return set(rows)


def test_terms_are_written_anew(session: Session) -> None:
    patient, other = a_patient(session), a_patient(session, family="Núñez")
    write_search_terms(session, [patient, other])
    patient.family = "Smith"
    write_search_terms(session, [patient])

    assert {"smith", "amina", "=19840327"} < terms_of(session, patient)
    assert "okafor" not in terms_of(session, patient)
    assert "nunez" in terms_of(session, other)


def test_a_record_merged_away_is_found_no_more_but_its_number_leads_to_the_kept_one(
    session: Session,
) -> None:
    kept = a_patient(session)
    merged = a_patient(session, family="Smith", merged_into_id=kept.id)
    write_search_terms(session, [kept, merged])

    assert terms_of(session, merged) == set()
    assert f"#{merged.hospital_number}" in terms_of(session, kept)
    assert "smith" not in terms_of(session, kept)


def test_no_patients_need_no_terms(session: Session) -> None:
    write_search_terms(session, [])


def test_a_new_patient_gets_a_valid_number(session: Session) -> None:
    patient = unsaved_patient()
    give_hospital_number(session, patient)

    assert patient.id is not None
    assert rules.is_hospital_number(patient.hospital_number)


@pytest.fixture
def bases(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The random numbers to come, above the lowest base."""
    queue: list[int] = []
    draws: Iterator[int] = iter(lambda: queue.pop(0), None)
    monkeypatch.setattr(numbers.secrets, "randbelow", lambda _: next(draws))
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
