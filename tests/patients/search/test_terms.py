"""Search terms change with their patients."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Patient, PatientSearchTerm
from portal.patients.search.terms import write_search_terms
from tests.builders import a_patient


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


def test_a_merged_record_is_not_found_but_its_number_leads_to_the_kept_one(
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
