"""From finding a time to booking it, and what the pages say when that is not possible."""

import logging
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Appointment
from portal.telemetry.measures import BOOKING
from portal.vocabulary import AppointmentStatus, Relationship, SlotStatus
from portal.web.submissions import new_key
from tests.appointments.conftest import Clock, SignIn, address, offers
from tests.appointments.pages import form_of, press
from tests.builders import NOW, a_patient, an_account_of, an_appointment, audited, relate
from tests.builders.morning import Clinic
from tests.embedded_metrics import measured_in


def appointments(database: Session) -> list[Appointment]:
    database.rollback()
    return list(database.scalars(select(Appointment)))


def test_a_patient_finds_holds_and_books(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    page = patient.get(address(clinic, "/find"))
    page = patient.get(press(patient, page, "10am").location)
    assert "We are keeping this time for you until <b>10:05am</b>" in page.text
    answer = press(patient, page, "Book this time", about="A cough that stays")
    assert answer.status_code == 303
    page = patient.get(answer.location)

    assert "The appointment has been booked." in page.text
    assert "A cough that stays" in page.text
    assert "Wednesday 4 March 2026, 10am to 10:20am" in page.text
    (booked,) = appointments(database)
    assert (booked.status, booked.slot_id) == (AppointmentStatus.BOOKED, clinic.slots[0].id)
    database.refresh(clinic.slots[0])
    assert clinic.slots[0].status is SlotStatus.BUSY


def test_the_same_form_twice_is_one_booking(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    page = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))

    first, second = (press(patient, page, "Book this time") for _ in range(2))

    assert first.location == second.location
    assert len(appointments(database)) == 1


def test_a_booking_sent_twice_counts_once_and_a_lost_race_as_refused(
    clinic: Clinic, patient: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    page = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))
    for _ in range(2):
        press(patient, page, "Book this time")

    patient.post(address(clinic, f"/hold/{clinic.slots[0].ref}"), data={"submission": new_key()})

    counted = [{"Bookings": 1, "Outcome": outcome} for outcome in ("booked", "refused")]
    assert measured_in(caplog, BOOKING) == counted


def test_going_back_and_choosing_another_time_holds_the_other(
    clinic: Clinic, patient: FlaskClient
) -> None:
    """Each time has its own submission key, so the page may be used twice."""
    page = patient.get(address(clinic, "/find"))

    first, second = press(patient, page, "10am"), press(patient, page, "10:20am")

    assert first.location != second.location
    assert "10:20am to 10:40am" in patient.get(second.location).text


def test_the_second_patient_is_offered_the_times_that_are_left(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    page = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))
    an_appointment(database, a_patient(database), clinic.slots[0])
    database.commit()

    answer = press(patient, page, "Book this time")

    assert answer.status_code == 409
    assert "Somebody else has just taken this time." in answer.text
    assert offers(answer) == {slot.ref for slot in clinic.slots[1:]}
    page = patient.get(press(patient, answer, "10:20am").location)
    assert press(patient, page, "Book this time").status_code == 303


def test_a_time_that_is_held_is_told_when_chosen(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    page = patient.get(address(clinic, "/find"))
    clinic.slots[0].held_by_account_id = clinic.reception.id
    clinic.slots[0].held_until = NOW + timedelta(minutes=1)
    database.commit()

    answer = press(patient, page, "10am")

    assert answer.status_code == 409
    assert clinic.slots[0].ref not in offers(answer)


def test_a_page_for_a_taken_time_says_so(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    an_appointment(database, a_patient(database), clinic.slots[0])
    database.commit()

    page = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))

    assert "This time is no longer free" in page.text
    assert offers(page)


def test_going_back_after_booking_shows_the_appointment(
    clinic: Clinic, patient: FlaskClient
) -> None:
    page = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))
    booked = press(patient, page, "Book this time")

    back = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))

    assert back.status_code == 302
    assert back.location == booked.location


def test_when_nothing_is_left_the_page_says_where_to_look(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    for slot in clinic.slots:
        slot.status = SlotStatus.BUSY
    database.commit()

    page = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))

    assert offers(page) == set()
    assert f"/find?clinic={clinic.location.ref}" in page.text


def test_a_hold_that_ran_out_is_not_promised(
    clinic: Clinic, patient: FlaskClient, clock: Clock
) -> None:
    page = patient.get(press(patient, patient.get(address(clinic, "/find")), "10am").location)
    clock.now += timedelta(minutes=6)

    again = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))

    assert "We are keeping" not in again.text
    assert press(patient, page, "Book this time").status_code == 303


def test_a_long_reason_is_shown_again_with_its_fault(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    page = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))

    answer = press(patient, page, "Book this time", about="ä" * 501)

    assert answer.status_code == 400
    assert answer.text.count("Shorten this to 500 characters") == 2
    assert "ä" * 501 in answer.text
    assert appointments(database) == []
    assert press(patient, answer, "Book this time", about="ä" * 500).status_code == 303


def test_a_rule_that_refuses_is_explained(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    page = patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))
    clinic.patient.deceased_on = date(2026, 3, 1)
    database.commit()

    answer = press(patient, page, "Book this time", about="A cough")

    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert "died" in answer.text
    assert "A cough" in answer.text, "what was typed is not lost"
    assert appointments(database) == []


def test_another_patients_pages_are_not_found(
    clinic: Clinic, sign_in: SignIn, database: Session
) -> None:
    stranger = sign_in(an_account_of(database, a_patient(database)))
    slot = clinic.slots[0].ref

    for rest in ("/find", f"/book/{slot}"):
        assert stranger.get(address(clinic, rest)).status_code == 404
    assert stranger.get(f"/patients/{'0' * 20}/appointments/find").status_code == 404


def test_an_unknown_slot_is_not_found(clinic: Clinic, patient: FlaskClient) -> None:
    assert patient.get(address(clinic, f"/book/{'0' * 20}")).status_code == 404


def test_a_form_cannot_be_turned_to_another_patient(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    other = a_patient(database)
    database.commit()
    form, _ = form_of(patient.get(address(clinic, "/find")), "10am")

    for rest in ("hold", "book"):
        answer = patient.post(
            f"/patients/{other.ref}/appointments/{rest}/{clinic.slots[0].ref}",
            data=form.fields | {"submission": "0" * 32},
        )
        assert answer.status_code == 404
    assert appointments(database) == []


def test_a_proxy_books_and_sees_the_patients_name(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    child = a_patient(database, given="Sam")
    related = relate(database, clinic.account, child, Relationship.PARENT)
    database.commit()
    find = f"/patients/{child.ref}/appointments/find"

    page = patient.get(find)
    assert "You are acting for" in page.text
    page = patient.get(press(patient, page, "10am").location)
    assert "You are acting for" in page.text
    assert press(patient, page, "Book this time").status_code == 303

    related.ended_at = NOW
    database.commit()
    assert patient.get(find).status_code == 404


def test_each_page_is_audited(clinic: Clinic, patient: FlaskClient, database: Session) -> None:
    patient.get(address(clinic, "/find"))
    patient.get(address(clinic, f"/book/{clinic.slots[0].ref}"))

    entries = audited(database)

    assert [entry.deed for entry in entries] == ["find slots", "find slots"]
    assert {entry.patient_ref for entry in entries} == {clinic.patient.ref}
