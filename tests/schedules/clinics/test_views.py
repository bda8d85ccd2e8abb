"""The pages of clinics and practitioners: what they change and what they refuse."""

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import Location, Practitioner
from portal.vocabulary import SlotStatus
from tests.builders import a_patient
from tests.builders.tuesdays import Clinic, a_clinic
from tests.schedules.pages import HOME, fields_of, refused, send, words

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE
TUESDAY = date(2026, 3, 10)


def test_a_clinic_is_added_with_its_hours(administrator: FlaskClient, database: Session) -> None:
    page = administrator.get(f"{HOME}/clinics/new")
    assert fields_of(page)["hours_0"] == "8am to 6pm"

    answer = send(
        administrator,
        page,
        name="  Skin   clinic ",
        hours_0="8:30 to midday, 1pm to 17.00",
        hours_4="",
        hours_5="9am-11am",
    )

    assert answer.status_code == 303
    shown = words(administrator.get(answer.location))
    assert "Skin clinic has been added." in shown
    assert "Monday: 8:30am to midday, 1pm to 5pm" in shown
    assert "Tuesday to Thursday: 8am to 6pm" in shown
    assert "Saturday: 9am to 11am" in shown


def test_a_clinic_needs_a_name_and_hours_that_can_be_read(administrator: FlaskClient) -> None:
    page = administrator.get(f"{HOME}/clinics/new")
    answer = send(
        administrator, page, name=" ", phone="1" * 33, hours_0="nine to five", hours_1="6pm to 8am"
    )

    refused(answer, "Enter the clinic&#39;s name", "Use 32 characters or fewer")
    assert answer.text.count("Enter hours such as 8am to midday, 1pm to 6pm") == 4
    assert fields_of(answer)["hours_0"] == "nine to five"


def test_a_name_that_can_not_be_shown_is_refused(administrator: FlaskClient) -> None:
    answer = send(administrator, administrator.get(f"{HOME}/clinics/new"), name="Skin\0clinic")

    refused(answer, "Type this again: it has characters in it that can&#39;t be shown")


def test_a_name_that_is_taken_is_refused(administrator: FlaskClient, database: Session) -> None:
    answer = send(administrator, administrator.get(f"{HOME}/clinics/new"), name="HEART CLINIC")

    refused(answer, "There is a clinic with this name already.")
    assert database.scalar(select(func.count(Location.id))) == 1


def test_hours_that_leave_a_session_outside_are_refused(
    administrator: FlaskClient, open_clinic: Clinic
) -> None:
    page = administrator.get(f"{HOME}/clinics/{open_clinic.location.ref}")
    answer = send(administrator, page, hours_1="10am to 6pm")

    refused(answer, "Dr Grace Lindqvist on Tuesday 9am to midday. Change or end them first.")


def test_a_clinic_is_taken_out_of_use_and_back(
    administrator: FlaskClient, open_clinic: Clinic
) -> None:
    open_clinic.booked("9:20")
    open_clinic.session.commit()
    address = f"{HOME}/clinics/{open_clinic.location.ref}"
    question = send(administrator, administrator.get(f"{address}/close"))
    assert question.status_code == 400
    assert "Important: 1 booked appointment must be rebooked" in words(question)
    assert "Tuesday 10 March 2026 with Dr Grace Lindqvist, Heart clinic, at 9:20am" in words(
        question
    )
    open_clinic.session.rollback()
    assert open_clinic.statuses()[0] is FREE

    answer = send(administrator, question)
    assert answer.status_code == 303
    assert "1 booked appointment must be rebooked." in words(administrator.get(answer.location))
    assert "Heart clinic Closed" in words(administrator.get(f"{HOME}/clinics"))
    open_clinic.session.rollback()
    assert open_clinic.statuses() == [UNAVAILABLE] * 9

    keys = fields_of(administrator.get(address))
    assert administrator.post(f"{address}/reopen", data=keys).status_code == 303
    open_clinic.session.rollback()
    assert open_clinic.statuses() == [FREE, BUSY, *[FREE] * 7]


def test_no_patients_name_is_shown_to_an_administrator(
    administrator: FlaskClient, open_clinic: Clinic
) -> None:
    booked = open_clinic.booked("9:20")
    patient = a_patient(open_clinic.session, family="Unmistakable")
    booked.patient_id = patient.id
    open_clinic.session.commit()

    question = send(
        administrator, administrator.get(f"{HOME}/clinics/{open_clinic.location.ref}/close")
    )
    answer = send(administrator, question)
    after = administrator.get(f"{HOME}/exceptions")

    assert answer.status_code == 303
    assert "1 booked appointment must be rebooked" in words(after)
    for page in (question, after):
        assert "Unmistakable" not in page.text
        assert patient.ref not in page.text


def test_a_practitioner_is_added_and_changed(
    administrator: FlaskClient, open_clinic: Clinic, database: Session
) -> None:
    page = administrator.get(f"{HOME}/practitioners/new")
    answer = send(
        administrator, page, given="Priya", family="Raman", locations=[open_clinic.location.ref]
    )
    assert answer.status_code == 303
    assert "Priya Raman has been added" in words(administrator.get(answer.location))
    database.rollback()
    ref = database.scalars(select(Practitioner.ref).where(Practitioner.family == "Raman")).one()

    page = administrator.get(f"{HOME}/practitioners/{ref}")
    assert fields_of(page)["locations"] == [open_clinic.location.ref]
    send(administrator, page, prefix="Dr", specialty="Cardiology")
    shown = words(administrator.get(f"{HOME}/practitioners"))
    assert "Dr Priya Raman" in shown
    assert "Cardiology" in shown


def test_a_practitioner_needs_a_name_and_a_clinic(administrator: FlaskClient) -> None:
    answer = send(administrator, administrator.get(f"{HOME}/practitioners/new"), prefix="x" * 21)

    refused(
        answer,
        "Enter the first name",
        "Enter the family name",
        "Choose at least one clinic from the list",
        "Use 20 characters or fewer",
    )


def test_a_clinic_is_not_taken_from_somebody_with_sessions_there(
    administrator: FlaskClient, open_clinic: Clinic, database: Session
) -> None:
    other = a_clinic(database)
    database.commit()
    page = administrator.get(f"{HOME}/practitioners/{open_clinic.practitioner.ref}")
    answer = send(administrator, page, locations=[other.location.ref])

    refused(answer, "They have sessions in Heart clinic. End these sessions first.")


def test_somebody_leaves_and_returns(administrator: FlaskClient, open_clinic: Clinic) -> None:
    address = f"{HOME}/practitioners/{open_clinic.practitioner.ref}"
    answer = send(administrator, administrator.get(f"{address}/deactivate"))
    shown = words(administrator.get(answer.location))
    assert "Dr Grace Lindqvist can't be booked any more. 78 free times removed." in shown
    assert "Not bookable" in shown

    administrator.post(f"{address}/reactivate", data=fields_of(administrator.get(address)))
    open_clinic.session.rollback()
    assert open_clinic.statuses() == [FREE] * 9
