"""Moving an appointment, on pages."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import Appointment
from portal.vocabulary import SlotStatus
from tests.appointments.conftest import SignIn, address, offers
from tests.appointments.pages import press
from tests.builders import a_patient, an_account_of, an_appointment
from tests.builders.morning import Clinic


@pytest.fixture
def booked(clinic: Clinic, database: Session) -> Appointment:
    row = an_appointment(database, clinic.patient, clinic.slots[0])
    database.commit()
    return row


def test_a_patient_moves_to_another_time(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, database: Session
) -> None:
    page = patient.get(address(clinic, f"/{booked.ref}/move"))
    assert "You keep this time until you have the new one" in page.text
    page = patient.get(press(patient, page, "10:20am").location)
    assert "We are keeping this time for you" in page.text
    assert "It replaces Wednesday 4 March 2026 at 10am" in page.text
    answer = press(patient, page, "Move to this time")

    assert answer.location == address(clinic, f"/{booked.ref}")
    page = patient.get(answer.location)
    assert "The appointment has been moved." in page.text
    assert "10:20am to 10:40am" in page.text
    for slot in clinic.slots:
        database.refresh(slot)
    assert [slot.status for slot in clinic.slots[:2]] == [SlotStatus.FREE, SlotStatus.BUSY]


def test_it_begins_in_the_clinic_of_the_appointment(
    clinic: Clinic, patient: FlaskClient, booked: Appointment
) -> None:
    page = patient.get(address(clinic, f"/{booked.ref}/move"))

    assert f'<option value="{clinic.location.ref}" selected>' in page.text


@pytest.mark.parametrize("when", ["chosen", "shown", "confirmed"])
def test_when_the_new_time_is_gone_others_are_offered_and_the_old_is_kept(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, database: Session, when: str
) -> None:
    find = patient.get(address(clinic, f"/{booked.ref}/move"))
    confirm = address(clinic, f"/{booked.ref}/move/{clinic.slots[1].ref}")
    check = patient.get(confirm)
    an_appointment(database, a_patient(database), clinic.slots[1])
    database.commit()

    answer = {
        "chosen": lambda: press(patient, find, "10:20am"),
        "shown": lambda: patient.get(confirm),
        "confirmed": lambda: press(patient, check, "Move to this time"),
    }[when]()

    assert answer.status_code == (200 if when == "shown" else 409)
    assert "This time is no longer free" in answer.text
    assert offers(answer) == {slot.ref for slot in clinic.slots[2:]}
    database.refresh(booked)
    assert booked.slot_id == clinic.slots[0].id
    page = patient.get(press(patient, answer, "10:40am").location)
    assert press(patient, page, "Move to this time").status_code == 303


def test_another_patients_appointment_is_not_found(
    clinic: Clinic, patient: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    """It is not found below either patient's address."""
    other = a_patient(database)
    an_account_of(database, other)
    theirs = an_appointment(database, other, clinic.slots[0])
    database.commit()

    for patient_ref in (clinic.patient.ref, other.ref):
        page = f"/patients/{patient_ref}/appointments/{theirs.ref}/move"
        assert patient.get(page).status_code == 404
        assert patient.get(f"{page}/{clinic.slots[1].ref}").status_code == 404


def test_an_appointment_that_is_over_is_not_moved(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, database: Session
) -> None:
    page = patient.get(address(clinic, f"/{booked.ref}/move/{clinic.slots[1].ref}"))
    press(
        patient,
        patient.get(address(clinic, f"/{booked.ref}/cancel")),
        "Cancel the appointment",
        choice="No longer needed",
    )

    answer = press(patient, page, "Move to this time")

    assert answer.status_code == 409
    assert "This has changed since you opened the page" in answer.text
    assert "It can’t be moved now" in answer.text
    database.refresh(clinic.slots[1])
    assert clinic.slots[1].status is SlotStatus.FREE
