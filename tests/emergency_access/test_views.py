"""The pages: opening a record in an emergency, the banner, the administrator's review."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.emergency_access.views import ATTEMPTS_AN_HOUR
from portal.models import Account, Patient
from portal.patients.search.terms import write_search_terms
from tests.appointments.pages import press
from tests.builders import a_clinician, a_location, a_patient, an_account, an_account_of

SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def patient(database: Session) -> Patient:
    patient = a_patient(database)
    write_search_terms(database, [patient])
    database.commit()
    return patient


@pytest.fixture
def doctor(database: Session, sign_in: SignIn) -> FlaskClient:
    account, _ = a_clinician(database, Role.DOCTOR, [a_location(database)])
    return sign_in(account)


def typed(patient: Patient, **other: str) -> dict[str, str]:
    born = patient.birth_date
    return {
        "hospital_number": f"{patient.hospital_number[:3]} {patient.hospital_number[3:]}",
        "born-day": str(born.day),
        "born-month": str(born.month),
        "born-year": str(born.year),
        "reason": "Brought in unconscious",
        **other,
    }


def test_from_the_emergency_to_the_patient_who_reads_of_it(
    database: Session, sign_in: SignIn, doctor: FlaskClient, patient: Patient
) -> None:
    record = f"/patients/{patient.ref}/record"
    assert doctor.get(record).status_code == 404
    assert "Open their record" in doctor.get("/patients").text

    page = doctor.get("/emergency-access")
    answer = press(doctor, page, "Open the record", **typed(patient))
    assert answer.location == record
    assert "You opened this record in an emergency" in doctor.get(record).text

    administrator = sign_in(an_account(database, Role.ADMINISTRATOR))
    listed = administrator.get("/administration/emergency-access")
    assert "Brought in unconscious" in listed.text
    assert patient.family not in listed.text

    own = sign_in(an_account_of(database, patient)).get(f"/patients/{patient.ref}/who-looked")
    assert "In an emergency: Brought in unconscious" in own.text
    assert "The health record" in own.text


def test_an_administrator_reviews_it_and_a_second_look_is_told(
    database: Session, sign_in: SignIn, doctor: FlaskClient, patient: Patient
) -> None:
    press(doctor, doctor.get("/emergency-access"), "Open the record", **typed(patient))
    administrator = sign_in(an_account(database, Role.ADMINISTRATOR))
    listed = administrator.get("/administration/emergency-access").text
    address = listed.split('href="/administration/emergency-access/')[1].split('"')[0]
    page = administrator.get(f"/administration/emergency-access/{address}")

    assert press(administrator, page, "Save the review").status_code == 400
    assert press(administrator, page, "Save the review", outcome="justified").status_code == 303
    second = press(administrator, page, "Save the review", outcome="escalated", submission="1" * 32)
    assert second.status_code == 409


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"hospital_number": ""}, "Enter the hospital number"),
        ({"hospital_number": "123"}, "No patient has this hospital number"),
        ({"born-day": "31", "born-month": "2"}, "Enter a real date"),
        ({"reason": "Why"}, "Say a little more"),
    ],
)
def test_what_was_typed_stays_with_what_is_wrong(
    doctor: FlaskClient, patient: Patient, other: dict[str, str], words: str
) -> None:
    page = doctor.get("/emergency-access")
    answer = press(doctor, page, "Open the record", **typed(patient, **other))

    assert answer.status_code == 400
    assert words in answer.text
    assert (other.get("reason") or "Brought in unconscious") in answer.text


def test_the_number_of_attempts_is_limited(doctor: FlaskClient, patient: Patient) -> None:
    page = doctor.get("/emergency-access")
    wrong = typed(patient, hospital_number="1234567890")
    for number in range(ATTEMPTS_AN_HOUR):
        answer = press(doctor, page, "Open the record", **wrong, submission=f"{number:032x}")
        assert answer.status_code == 400

    assert press(doctor, page, "Open the record", **wrong, submission="f" * 32).status_code == 429
