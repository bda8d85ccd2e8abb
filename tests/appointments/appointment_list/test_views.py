"""A patient's appointments, one of them, and its cancellation."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import Appointment
from portal.vocabulary import AppointmentStatus, Relationship, SlotStatus
from tests.appointments.conftest import Clock, SignIn, address
from tests.appointments.pages import press
from tests.builders import NOW, a_patient, a_slot, an_account_of, an_appointment, audited, relate
from tests.builders.morning import Clinic


@pytest.fixture
def booked(clinic: Clinic, database: Session) -> Appointment:
    row = an_appointment(database, clinic.patient, clinic.slots[0], reason="Chest pain")
    database.commit()
    return row


def test_past_and_future_are_told_apart_by_the_day(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, database: Session
) -> None:
    this_morning = a_slot(
        database, clinic.practitioner, clinic.location, starts_at=NOW - timedelta(hours=1)
    )
    last_year = a_slot(
        database, clinic.practitioner, clinic.location, starts_at=NOW - timedelta(days=365)
    )
    an_appointment(database, clinic.patient, this_morning, status=AppointmentStatus.FULFILLED)
    an_appointment(database, clinic.patient, last_year, status=AppointmentStatus.NOSHOW)
    an_appointment(database, a_patient(database), clinic.slots[1])
    database.commit()

    ahead, past = patient.get(address(clinic)).text.split("<h2")[1:3]

    assert "Tuesday 3 March 2026 at 9am" in ahead
    assert "Wednesday 4 March 2026 at 10am" in ahead
    assert "10:20am" not in ahead
    assert "Monday 3 March 2025 at 10am" in past
    assert "Did not come" in past
    assert "2026" not in past


def test_a_patient_without_appointments_is_told_so(clinic: Clinic, patient: FlaskClient) -> None:
    page = patient.get(address(clinic))

    assert "Nothing is booked." in page.text
    assert "There are no past appointments." in page.text


def test_the_reason_is_for_the_patient_and_the_clinicians(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, sign_in: SignIn
) -> None:
    page = address(clinic, f"/{booked.ref}")

    assert "Chest pain" in patient.get(page).text
    for account, shown in ((clinic.doctor, True), (clinic.nurse, True), (clinic.reception, False)):
        answer = sign_in(account).get(page)
        assert answer.status_code == 200
        assert ("Chest pain" in answer.text) is shown


def test_the_buttons_depend_on_the_state_of_the_appointment(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, database: Session, clock: Clock
) -> None:
    page = address(clinic, f"/{booked.ref}")
    links = [f"{page}/move", f"{page}/cancel", f"{page}/calendar.ics"]

    assert all(link in patient.get(page).text for link in links)
    clock.now = booked.starts_at
    assert [link in patient.get(page).text for link in links] == [False, False, True]
    booked.status = AppointmentStatus.FULFILLED
    database.commit()
    assert not any(link in patient.get(page).text for link in links)


def test_a_lost_time_is_told(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, database: Session
) -> None:
    clinic.slots[0].status = SlotStatus.UNAVAILABLE
    database.commit()

    for page in (f"/{booked.ref}", ""):
        assert "eeds a new time" in patient.get(address(clinic, page)).text
    home = patient.get(f"/patients/{clinic.patient.ref}").text
    assert "Needs a new time" in home
    assert f"{booked.ref}/move" in home, "two clicks from a free time"


def test_another_patients_appointment_is_not_found(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, sign_in: SignIn, database: Session
) -> None:
    other = a_patient(database)
    stranger = sign_in(an_account_of(database, other))
    pages = ("", f"/{booked.ref}", f"/{booked.ref}/cancel", f"/{booked.ref}/calendar.ics")

    for rest in pages:
        assert stranger.get(address(clinic, rest)).status_code == 404
    for rest in pages[1:]:
        assert stranger.get(f"/patients/{other.ref}/appointments{rest}").status_code == 404


def test_a_proxy_sees_and_cancels_while_the_access_lasts(
    clinic: Clinic, booked: Appointment, sign_in: SignIn, database: Session
) -> None:
    carer = an_account_of(database, a_patient(database))
    related = relate(database, carer, clinic.patient, Relationship.CARER)
    client = sign_in(carer)
    page = client.get(address(clinic, f"/{booked.ref}/cancel"))

    assert "You are acting for" in page.text
    related.ended_at = NOW
    database.commit()
    answer = press(client, page, "Cancel the appointment", choice="No longer needed")
    assert answer.status_code == 404
    related.ended_at = None
    database.commit()
    answer = press(client, page, "Cancel the appointment", choice="No longer needed")
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"choice": "No longer needed"}, "No longer needed"),
        ({"choice": "No longer needed", "other": "and more"}, "No longer needed"),
        ({"choice": "Another reason", "other": " A wedding "}, "A wedding"),
    ],
)
def test_a_patient_cancels_with_a_reason(
    clinic: Clinic,
    patient: FlaskClient,
    booked: Appointment,
    database: Session,
    typed: dict[str, str],
    kept: str,
) -> None:
    page = patient.get(address(clinic, f"/{booked.ref}/cancel"))

    answer = press(patient, page, "Cancel the appointment", **typed)

    assert answer.location == address(clinic, f"/{booked.ref}")
    page = patient.get(answer.location)
    assert "The appointment has been cancelled." in page.text
    assert kept in page.text
    database.refresh(booked)
    assert (booked.status, booked.cancel_reason) == (AppointmentStatus.CANCELLED, kept)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Choose why it is cancelled"),
        ({"choice": "Because"}, "Choose why it is cancelled"),
        ({"choice": "Another reason"}, "Enter the other reason"),
        ({"choice": "Another reason", "other": "  "}, "Enter the other reason"),
        ({"choice": "Another reason", "other": "x" * 501}, "Shorten this to 500 characters"),
    ],
)
def test_a_reason_is_needed(
    clinic: Clinic,
    patient: FlaskClient,
    booked: Appointment,
    database: Session,
    typed: dict[str, str],
    message: str,
) -> None:
    page = patient.get(address(clinic, f"/{booked.ref}/cancel"))

    answer = press(patient, page, "Cancel the appointment", **typed)

    assert answer.status_code == 400
    assert answer.text.count(message) == 2
    database.refresh(booked)
    assert booked.status is AppointmentStatus.BOOKED


def test_every_page_view_is_audited(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, database: Session
) -> None:
    for rest in ("", f"/{booked.ref}", f"/{booked.ref}/calendar.ics", f"/{booked.ref}/cancel"):
        patient.get(address(clinic, rest))

    entries = audited(database)

    of = f"Appointment/{booked.ref}"
    assert [(entry.deed, entry.entity) for entry in entries] == [
        ("see appointments", f"Patient/{clinic.patient.ref}"),
        ("see appointments", of),
        ("see appointments", of),
        ("see appointments", of),
    ]
    assert {entry.patient_ref for entry in entries} == {clinic.patient.ref}
