"""The clinic's day: the content of the list, and moving a row through its states."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.vocabulary import AppointmentStatus, Phase, SlotStatus
from tests.appointments.conftest import Arrange, Clock, SignIn
from tests.appointments.pages import form_of, forms_on, press
from tests.builders import a_location
from tests.builders.morning import Clinic


def address(clinic: Clinic, rest: str = "") -> str:
    return f"/clinics/{clinic.location.ref}/day{rest}"


def buttons(page: TestResponse) -> list[str]:
    return [button.text for form in forms_on(page) for button in form.buttons]


def test_the_list_is_of_one_day_and_one_clinic(
    clinic: Clinic, reception: FlaskClient, arrange: Arrange, database: Session
) -> None:
    arrange(20, "Today")
    arrange(24 * 60 + 5, "Tomorrow")
    arrange(40, "Elsewhere", location=a_location(database))
    arrange(60, "Cancelled", status=AppointmentStatus.CANCELLED)

    page = reception.get(address(clinic))
    after = reception.get(address(clinic, "?date=2026-03-04"))

    assert "Today, Amina" in page.text
    for name in ("Tomorrow, Amina", "Elsewhere", "Cancelled"):
        assert name not in page.text
    assert "Tomorrow, Amina" in after.text
    assert "Today, Amina" not in after.text


def test_the_list_counts_its_patients_by_state(
    clinic: Clinic, reception: FlaskClient, arrange: Arrange
) -> None:
    for number, status in enumerate(["booked", "booked", "arrived", "fulfilled", "noshow"]):
        arrange(number, status=AppointmentStatus(status))

    page = reception.get(address(clinic))

    for words in ("2 Booked", "1 Arrived", "1 Seen", "1 Did not come"):
        assert words in page.text
    assert "In consultation" not in page.text


def test_a_patient_is_taken_through_the_day(
    clinic: Clinic,
    reception: FlaskClient,
    sign_in: SignIn,
    arrange: Arrange,
    database: Session,
    clock: Clock,
) -> None:
    appointment = arrange(0)
    doctor = sign_in(clinic.doctor)
    own = address(clinic, f"?practitioner={clinic.practitioner.ref}")

    answer = press(reception, reception.get(address(clinic)), "Check in")
    assert answer.status_code == 303
    assert answer.location == address(clinic, f"?date=2026-03-03#a{appointment.ref}")
    clock.now += timedelta(minutes=5)
    answer = press(doctor, doctor.get(own), "Start")
    assert f"practitioner={clinic.practitioner.ref}" in answer.location
    page = doctor.get(answer.location)
    assert "1 In consultation" in page.text
    press(doctor, page, "Finish")

    page = reception.get(address(clinic))
    assert "1 Seen" in page.text
    assert "Finish" not in page.text
    database.refresh(appointment)
    assert appointment.status is AppointmentStatus.FULFILLED


def test_the_second_person_to_press_a_button_is_told(
    clinic: Clinic, reception: FlaskClient, sign_in: SignIn, arrange: Arrange
) -> None:
    arrange(0)
    nurse = sign_in(clinic.nurse)
    pages = reception.get(address(clinic)), nurse.get(address(clinic))

    assert press(reception, pages[0], "Check in").status_code == 303
    answer = press(nurse, pages[1], "Check in")

    assert answer.status_code == 409
    assert "You saw: Booked" in answer.text
    assert "In person, " in answer.text
    assert f". {Phase.ARRIVED.title}</p>" in answer.text
    assert f'href="{address(clinic)}?date=2026-03-03' in answer.text


def test_a_filter_that_is_too_long_is_left_out_after_a_step(
    clinic: Clinic, reception: FlaskClient, arrange: Arrange
) -> None:
    appointment = arrange(0)
    form, button = form_of(reception.get(address(clinic)), "Check in")

    answer = reception.post(
        f"/appointments/{appointment.ref}/check-in?version=1&practitioner={'x' * 600}",
        data=form.fields | {"submission": button.value},
    )

    assert "xxx" not in answer.location


def test_only_today_has_buttons(clinic: Clinic, reception: FlaskClient, arrange: Arrange) -> None:
    arrange(24 * 60 + 5)
    arrange(-24 * 60, status=AppointmentStatus.NOSHOW)

    for day in ("2026-03-04", "2026-03-02"):
        page = reception.get(address(clinic, f"?date={day}"))
        assert "Okafor, Amina" in page.text
        assert not [text for text in buttons(page) if "Amina" in text]


def test_an_overbooking_and_a_lost_time_are_marked(
    clinic: Clinic, reception: FlaskClient, arrange: Arrange, database: Session
) -> None:
    arrange(20, overbook_reason="Cannot wait")
    arrange(40).slot.status = SlotStatus.UNAVAILABLE
    database.commit()

    page = reception.get(address(clinic))

    assert "Overbooked: Cannot wait" in page.text
    assert "Needs a new time" in page.text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?date=nonsense", "Enter a real date"),
        ("?date=2026-02-30", "Enter a real date"),
        ("?date=9999-12-31", "Enter a real date"),
        ("?date=0001-01-01", "Enter a real date"),
        ("?practitioner=nobody", "Choose somebody who works in this clinic"),
    ],
)
def test_a_bad_filter_is_told_beside_its_field(
    clinic: Clinic, reception: FlaskClient, arrange: Arrange, query: str, message: str
) -> None:
    arrange(20)

    page = reception.get(address(clinic, query))

    assert page.status_code == 200
    assert "There is a problem" in page.text
    assert message in page.text
    assert "Okafor, Amina" in page.text, "today's list is shown meanwhile"


def test_paper_has_no_buttons_and_no_menu(
    clinic: Clinic, reception: FlaskClient, arrange: Arrange
) -> None:
    arrange(20)

    page = reception.get(address(clinic, "/print"))

    assert "Okafor, Amina" in page.text
    assert "As of 10am on 3 March 2026" in page.text
    assert "<nav" not in page.text
    assert "<button" not in page.text
