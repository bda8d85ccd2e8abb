"""A form that is sent after its appointment, or its time, has changed does nothing and says what changed."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.models import Appointment, KeptForm, SignInSession, Slot
from portal.vocabulary import AppointmentStatus, Mode
from tests.appointments.conftest import Arrange, address
from tests.appointments.pages import form_of, press
from tests.builders import NOW, an_appointment, signed_in
from tests.builders.morning import Clinic

WHY = {"choice": "Another reason", "other": "The school play"}
CHANGED = "This has changed since you opened the page, so nothing was done."


@pytest.fixture
def booked(clinic: Clinic, database: Session) -> Appointment:
    row = an_appointment(database, clinic.patient, clinic.slots[0])
    database.commit()
    return row


def move_to(client: FlaskClient, clinic: Clinic, booked: Appointment, slot: Slot) -> None:
    page = client.get(address(clinic, f"/{booked.ref}/move/{slot.ref}"))
    assert press(client, page, "Move to this time").status_code == 303


def told(answer: TestResponse) -> bool:
    return answer.status_code == 409 and CHANGED in answer.text


def test_a_cancellation_of_a_time_that_was_moved_cancels_nothing(
    clinic: Clinic,
    patient: FlaskClient,
    reception: FlaskClient,
    booked: Appointment,
    database: Session,
) -> None:
    page = patient.get(address(clinic, f"/{booked.ref}/cancel"))
    move_to(reception, clinic, booked, clinic.slots[1])

    answer = press(patient, page, "Cancel the appointment", **WHY)

    assert told(answer)
    assert "You saw: Wednesday 4 March 2026 at 10am with " in answer.text
    assert "Now: Wednesday 4 March 2026 at 10:20am with " in answer.text
    form, _ = form_of(answer, "Cancel the appointment")
    assert form.fields["other"] == WHY["other"], "what was typed stays"
    database.refresh(booked)
    assert booked.status is AppointmentStatus.BOOKED


def test_what_is_confirmed_again_is_done(
    clinic: Clinic,
    patient: FlaskClient,
    reception: FlaskClient,
    booked: Appointment,
    database: Session,
) -> None:
    page = patient.get(address(clinic, f"/{booked.ref}/cancel"))
    move_to(reception, clinic, booked, clinic.slots[1])
    shown = press(patient, page, "Cancel the appointment", **WHY)

    answer = press(patient, shown, "Cancel the appointment", choice=WHY["choice"])

    assert answer.status_code == 303
    database.refresh(booked)
    assert (booked.status, booked.cancel_reason) == (AppointmentStatus.CANCELLED, WHY["other"])


def test_a_cancellation_of_somebody_who_has_come_cancels_nothing(
    clinic: Clinic, reception: FlaskClient, arrange: Arrange, database: Session
) -> None:
    booked = arrange(20)
    clinic.patient = booked.patient
    page = reception.get(address(clinic, f"/{booked.ref}/cancel"))
    day = reception.get(f"/clinics/{clinic.location.ref}/day")
    assert press(reception, day, "Check in").status_code == 303

    answer = press(reception, page, "Cancel the appointment", **WHY)

    assert told(answer)
    assert ". Arrived" in answer.text
    assert "It can’t be cancelled now" in answer.text
    database.refresh(booked)
    assert booked.status is AppointmentStatus.ARRIVED


def test_a_move_from_another_time_than_was_shown_moves_nothing(
    clinic: Clinic,
    patient: FlaskClient,
    reception: FlaskClient,
    booked: Appointment,
    database: Session,
) -> None:
    page = patient.get(address(clinic, f"/{booked.ref}/move/{clinic.slots[2].ref}"))
    move_to(reception, clinic, booked, clinic.slots[1])

    answer = press(patient, page, "Move to this time")

    assert told(answer)
    assert "It replaces Wednesday 4 March 2026 at 10:20am" in answer.text
    database.refresh(booked)
    assert booked.slot_id == clinic.slots[1].id
    assert press(patient, answer, "Move to this time").status_code == 303


def test_a_time_whose_mode_changed_is_not_booked(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    """As after a change of the weekly session: the same slot is a video call now."""
    slot = clinic.slots[0]
    page = patient.get(address(clinic, f"/book/{slot.ref}"))
    slot.mode, slot.version = Mode.VIDEO, slot.version + 1
    database.commit()

    answer = press(patient, page, "Book this time", about="A cough")

    assert told(answer)
    assert "Now: Wednesday 4 March 2026 at 10am with " in answer.text
    assert ", Video call, " in answer.text
    assert "A cough" in answer.text
    assert database.scalar(select(func.count(Appointment.id))) == 0
    assert press(patient, answer, "Book this time").status_code == 303


@pytest.mark.parametrize("rest", ["/overbook/{slot}", "/{booked}/move/{slot}"])
def test_a_time_whose_mode_changed_is_neither_overbooked_nor_moved_to(
    clinic: Clinic, reception: FlaskClient, booked: Appointment, database: Session, rest: str
) -> None:
    overbooks = rest.startswith("/overbook")
    slot = clinic.slots[0 if overbooks else 1]
    page = reception.get(address(clinic, rest.format(slot=slot.ref, booked=booked.ref)))
    slot.mode, slot.version = Mode.VIDEO, slot.version + 1
    database.commit()

    answer = press(reception, page, "this time", why="Cannot wait")

    assert told(answer)
    assert database.scalars(select(Appointment.slot_id)).all() == [clinic.slots[0].id]


def test_an_old_list_does_not_undo_a_check_in_that_it_did_not_show(
    clinic: Clinic, reception: FlaskClient, arrange: Arrange, database: Session
) -> None:
    """The status is the same again, but from another check-in: the patient is in the waiting room."""
    row = arrange(20)
    day = f"/clinics/{clinic.location.ref}/day"
    press(reception, reception.get(day), "Check in")
    old = reception.get(day)
    press(reception, reception.get(day), "Undo check-in")
    press(reception, reception.get(day), "Check in")

    answer = press(reception, old, "Undo check-in")

    assert told(answer)
    database.refresh(row)
    assert row.status is AppointmentStatus.ARRIVED


def test_a_form_without_a_version_does_nothing(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, database: Session
) -> None:
    form, _ = form_of(patient.get(address(clinic, f"/{booked.ref}/cancel")), "Cancel")
    for version in ("", "-1", "one", "9" * 30, "١"):
        fields = {**form.fields, "choice": "No longer needed", "version": version}
        assert told(patient.post(address(clinic, f"/{booked.ref}/cancel"), data=fields))
    database.refresh(booked)
    assert booked.status is AppointmentStatus.BOOKED


def test_the_same_form_sent_twice_is_done_once_and_is_no_change(
    clinic: Clinic, patient: FlaskClient, booked: Appointment
) -> None:
    """The first request increased the version. The second gets the first one's answer."""
    page = patient.get(address(clinic, f"/{booked.ref}/cancel"))

    first, second = (press(patient, page, "Cancel the appointment", **WHY) for _ in range(2))

    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert first.status_code == 303


def test_a_form_that_was_kept_while_its_sender_was_signed_out_keeps_its_version(
    clinic: Clinic,
    patient: FlaskClient,
    reception: FlaskClient,
    booked: Appointment,
    database: Session,
) -> None:
    page = patient.get(address(clinic, f"/{booked.ref}/cancel"))
    session = database.scalars(
        select(SignInSession).where(SignInSession.account_id == clinic.account.id)
    ).one()
    session.expires_at = NOW - timedelta(hours=1)
    database.commit()
    press(patient, page, "Cancel the appointment", **WHY)
    kept = database.scalars(select(KeptForm)).one()
    move_to(reception, clinic, booked, clinic.slots[1])

    back = signed_in(database, clinic.account)
    database.commit()
    with patient.session_transaction() as cookie:
        cookie["_user_id"] = back.get_id()
    page = patient.get(f"/kept-forms/{kept.ref}")
    assert "It is about: Wednesday 4 March 2026 at 10am with " in page.text
    answer = press(patient, page, "Send it now")

    assert told(answer)
    assert WHY["other"] in answer.text
    database.refresh(booked)
    assert booked.status is AppointmentStatus.BOOKED
