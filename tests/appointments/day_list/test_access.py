"""The clinic's day: which list each role may open, and what they see and may do there."""

from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.access import Role
from portal.vocabulary import Mode, SlotStatus
from tests.appointments.conftest import Arrange, SignIn
from tests.appointments.pages import forms_on
from tests.builders import NOW, a_clinician, a_location, a_practitioner, a_slot, an_account, audited
from tests.builders.morning import Clinic


def address(clinic: Clinic, rest: str = "") -> str:
    return f"/clinics/{clinic.location.ref}/day{rest}"


def buttons(page: TestResponse) -> list[str]:
    return [button.text for form in forms_on(page) for button in form.buttons]


def test_a_doctor_gets_their_own_list(
    clinic: Clinic, sign_in: SignIn, arrange: Arrange, database: Session
) -> None:
    arrange(20, "Mine")
    arrange(20, "Colleagues", practitioner=a_practitioner(database, [clinic.location]))
    doctor = sign_in(clinic.doctor)

    answer = doctor.get("/days")
    page = doctor.get(answer.location)

    assert answer.location == address(clinic, f"?practitioner={clinic.practitioner.ref}")
    assert "Mine, Amina" in page.text
    assert "Colleagues" not in page.text


def test_a_doctor_of_two_clinics_gets_the_clinic_of_today(
    clinic: Clinic, sign_in: SignIn, database: Session
) -> None:
    elsewhere = a_location(database, name="Aardvark clinic")
    account, practitioner = a_clinician(database, Role.DOCTOR, [elsewhere, clinic.location])
    a_slot(database, practitioner, clinic.location, starts_at=NOW)

    assert sign_in(account).get("/days").location.startswith(address(clinic))


def test_a_nurse_gets_the_list_of_the_whole_clinic(clinic: Clinic, sign_in: SignIn) -> None:
    assert sign_in(clinic.nurse).get("/days").location == address(clinic)


def test_reception_chooses_a_clinic(
    clinic: Clinic, reception: FlaskClient, database: Session
) -> None:
    other = a_location(database, name="Another clinic")
    a_location(database, name="Closed clinic", active=False)
    database.commit()

    page = reception.get("/days", follow_redirects=True)

    assert address(clinic) in page.text
    assert f"/clinics/{other.ref}/day" in page.text
    assert "Closed clinic" not in page.text


def test_clinicians_read_why_a_patient_comes_and_reception_does_not(
    clinic: Clinic, reception: FlaskClient, sign_in: SignIn, arrange: Arrange
) -> None:
    arrange(20, reason="Chest pain")

    for rest in ("", "/print"):
        assert "Chest pain" not in reception.get(address(clinic, rest)).text
        for account in (clinic.doctor, clinic.nurse):
            assert "Chest pain" in sign_in(account).get(address(clinic, rest)).text


@pytest.mark.parametrize(
    ("who", "mode", "minutes", "expected"),
    [
        ("reception", Mode.IN_PERSON, 20, ["Check in"]),
        ("reception", Mode.IN_PERSON, -1, ["Check in", "Did not come"]),
        ("reception", Mode.PHONE, 20, []),
        ("nurse", Mode.IN_PERSON, 20, ["Check in"]),
        ("nurse", Mode.VIDEO, 20, ["Start"]),
        ("doctor", Mode.IN_PERSON, 20, []),
        ("doctor", Mode.IN_PERSON, -1, ["Did not come"]),
        ("doctor", Mode.PHONE, 20, ["Start"]),
    ],
)
def test_a_row_has_the_buttons_of_the_viewers_role(
    clinic: Clinic,
    sign_in: SignIn,
    arrange: Arrange,
    who: str,
    mode: Mode,
    minutes: int,
    expected: list[str],
) -> None:
    arrange(minutes, mode=mode)
    page = sign_in(getattr(clinic, who)).get(address(clinic))

    found = [text.split(" Amina")[0] for text in buttons(page) if "Amina" in text]
    assert found == expected


def test_names_lead_to_the_patient_where_they_are_the_clinicians_patient(
    clinic: Clinic, sign_in: SignIn, reception: FlaskClient, arrange: Arrange
) -> None:
    soon, far = arrange(20), arrange(60 * 24 * 60)
    doctor = sign_in(clinic.doctor)

    for client, linked in ((doctor, False), (reception, True)):
        page = client.get(address(clinic, "?date=2026-05-02"))
        assert "Okafor, Amina" in page.text
        assert (far.ref in page.text.replace(f'id="a{far.ref}"', "")) is linked
    appointment = f"/patients/{soon.patient.ref}/appointments/{soon.ref}"
    record = f"/patients/{soon.patient.ref}/record?visit={soon.ref}"
    assert record in doctor.get(address(clinic)).text
    assert appointment in reception.get(address(clinic)).text
    assert record not in reception.get(address(clinic)).text
    assert doctor.get(record).status_code == 200


def test_a_list_is_seen_by_those_of_the_clinic(
    clinic: Clinic, patient: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    stranger, _ = a_clinician(database, Role.NURSE, [a_location(database)])

    for rest in ("", "/print"):
        assert sign_in(stranger).get(address(clinic, rest)).status_code == 404
        assert patient.get(address(clinic, rest)).status_code == 403
    administrator = sign_in(an_account(database, Role.ADMINISTRATOR))
    assert administrator.get(address(clinic)).status_code == 403


def test_opening_a_list_is_audited(
    clinic: Clinic, reception: FlaskClient, database: Session
) -> None:
    reception.get(address(clinic, f"?practitioner={clinic.practitioner.ref}"))

    (entry,) = audited(database)

    assert (entry.deed, entry.entity) == ("see day list", f"Location/{clinic.location.ref}")
    assert entry.detail == {"day": "2026-03-03", "practitioner": clinic.practitioner.ref}


def test_lost_times_are_listed_for_moving(
    clinic: Clinic, reception: FlaskClient, sign_in: SignIn, arrange: Arrange, database: Session
) -> None:
    lost, kept, past = arrange(60, "Lost"), arrange(90, "Kept"), arrange(-60, "Past")
    elsewhere = arrange(60, "Elsewhere", a_practitioner(database), a_location(database))
    for appointment in (lost, past, elsewhere):
        appointment.slot.status = SlotStatus.UNAVAILABLE
    database.commit()

    page = reception.get("/rebook")
    nurses = sign_in(clinic.nurse).get("/rebook")

    assert "Lost, Amina" in page.text
    assert f"/patients/{lost.patient.ref}/appointments/{lost.ref}/move" in unescape(page.text)
    assert "Kept" not in page.text
    assert "Past" not in page.text
    assert "Elsewhere" in page.text
    assert "Elsewhere" not in nurses.text
    assert kept.slot.status is SlotStatus.BUSY
