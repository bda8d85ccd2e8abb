"""The patient's way to an appointment: find, hold, check, book."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Appointment, AppointmentStatus, SlotStatus
from tests.appointments.conftest import Clinic
from tests.appointments.pages import press


def appointments(database: Session) -> list[Appointment]:
    database.rollback()
    database.expire_all()
    return list(database.scalars(select(Appointment)))


def address(clinic: Clinic, rest: str = "") -> str:
    return f"/patients/{clinic.patient.ref}/appointments{rest}"


def test_a_patient_finds_holds_and_books(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    page = patient.get(address(clinic, "/find"))
    assert page.status_code == 200
    page = patient.get(press(patient, page, "10am").location)
    assert "We are keeping this time for you until <b>10:05am</b>" in page.text
    answer = press(patient, page, "Book this time", about="A cough that stays")
    assert answer.status_code == 303
    page = patient.get(answer.location)

    assert "The appointment is booked." in page.text
    assert "A cough that stays" in page.text
    assert "Wednesday 4 March 2026, 10am to 10:20am" in page.text
    (booked,) = appointments(database)
    assert (booked.status, booked.slot_id) == (AppointmentStatus.BOOKED, clinic.slots[0].id)
    assert clinic.slots[0].status is SlotStatus.BUSY
