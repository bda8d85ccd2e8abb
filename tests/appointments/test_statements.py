"""The number of statements of a page, without COMMIT; if the last one fails, nothing is saved."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session

from portal import audit
from portal.models import Appointment, Notice, Submission
from portal.vocabulary import AppointmentStatus
from tests.appointments.conftest import Arrange, SignIn, address
from tests.appointments.pages import press
from tests.builders import a_patient, an_appointment
from tests.builders.morning import Clinic

MOST = 8


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement.split("\n")[0])

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def booked(clinic: Clinic, database: Session) -> Appointment:
    row = an_appointment(database, clinic.patient, clinic.slots[3])
    database.commit()
    return row


def test_no_page_of_a_patient_takes_more_than_eight(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, statements: list[str]
) -> None:
    slot, other = clinic.slots[0].ref, clinic.slots[1].ref
    for rest in (
        "",
        "/find",
        f"/find?clinic={clinic.location.ref}&practitioner={clinic.practitioner.ref}&from=2026-03-04",
        "/find?day=2026-03-04",
        f"/book/{slot}",
        f"/{booked.ref}",
        f"/{booked.ref}/cancel",
        f"/{booked.ref}/calendar.ics",
        f"/{booked.ref}/move",
        f"/{booked.ref}/move/{other}",
    ):
        statements.clear()
        assert patient.get(address(clinic, rest)).status_code == 200
        assert 0 < len(statements) <= MOST, (rest, statements)


def test_no_change_takes_more_than_eight(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, statements: list[str]
) -> None:
    slot, other = clinic.slots[0].ref, clinic.slots[1].ref
    for page, button, typed in (
        ("/find", "10am", {}),
        (f"/book/{slot}", "Book this time", {"about": "A cough"}),
        (f"/{booked.ref}/move", "10:20am", {}),
        (f"/{booked.ref}/move/{other}", "Move to this time", {}),
        (f"/{booked.ref}/cancel", "Cancel the appointment", {"choice": "No longer needed"}),
    ):
        found = patient.get(address(clinic, page))
        statements.clear()
        assert press(patient, found, button, **typed).status_code == 303
        assert 0 < len(statements) <= MOST, (button, statements)


def test_the_day_takes_no_more_statements_for_more_patients(
    clinic: Clinic, sign_in: SignIn, arrange: Arrange, statements: list[str]
) -> None:
    reception, doctor = sign_in(clinic.reception), sign_in(clinic.doctor)
    day = f"/clinics/{clinic.location.ref}/day"
    taken = []
    for minutes in (0, 20, 40, 60, 80):
        arrange(minutes, reason="A cough")
        for client in (reception, doctor):
            for rest in ("", f"?practitioner={clinic.practitioner.ref}", "/print"):
                statements.clear()
                assert client.get(day + rest).status_code == 200
                taken.append(len(statements))

    assert len(set(taken)) == 1
    assert taken[0] <= MOST


def test_a_step_takes_no_more_than_eight(
    clinic: Clinic, sign_in: SignIn, arrange: Arrange, statements: list[str]
) -> None:
    arrange(0)
    doctor, reception = sign_in(clinic.doctor), sign_in(clinic.reception)
    day = f"/clinics/{clinic.location.ref}/day"
    for client, button in ((reception, "Check in"), (doctor, "Start"), (doctor, "Finish")):
        page = client.get(day)
        statements.clear()
        assert press(client, page, button).status_code == 303
        assert 0 < len(statements) <= MOST, (button, statements)


@pytest.fixture
def broken_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_INSERT", text("INSERT INTO no_such_table VALUES (1)"))


def kept(database: Session) -> dict[str, object]:
    """All data that booking, moving and cancelling write."""
    database.rollback()
    appointment = select(Appointment.slot_id, Appointment.status, Appointment.sequence)
    return {
        "appointments": database.execute(appointment).all(),
        "notices": database.scalar(select(func.count(Notice.id))),
        "submissions": database.scalar(select(func.count(Submission.key))),
        "slots": database.execute(
            text("SELECT id, status, held_by_account_id, held_until FROM slot ORDER BY id")
        ).all(),
        "encounters": database.execute(text("SELECT appointment_id, status FROM encounter")).all(),
    }


@pytest.mark.parametrize(
    ("page", "button", "typed"),
    [
        ("/find", "10am", {}),
        ("/book/{free}", "Book this time", {}),
        ("/{booked}/move/{free}", "Move to this time", {}),
        ("/{booked}/cancel", "Cancel the appointment", {"choice": "No longer needed"}),
    ],
)
def test_without_its_audit_entry_no_change_is_saved(
    clinic: Clinic,
    patient: FlaskClient,
    booked: Appointment,
    database: Session,
    request: pytest.FixtureRequest,
    page: str,
    button: str,
    typed: dict[str, str],
) -> None:
    found = patient.get(address(clinic, page.format(booked=booked.ref, free=clinic.slots[0].ref)))
    before = kept(database)
    request.getfixturevalue("broken_audit")

    answer = press(patient, found, button, **typed)

    assert answer.status_code >= 500
    assert kept(database) == before


def test_without_its_audit_entry_an_overbooking_is_not_saved(
    clinic: Clinic, sign_in: SignIn, database: Session, request: pytest.FixtureRequest
) -> None:
    an_appointment(database, a_patient(database), clinic.slots[0])
    reception = sign_in(clinic.reception)
    found = reception.get(address(clinic, f"/overbook/{clinic.slots[0].ref}"))
    before = kept(database)
    request.getfixturevalue("broken_audit")

    answer = press(reception, found, "Overbook this time", why="Cannot wait")

    assert answer.status_code >= 500
    assert kept(database) == before


@pytest.mark.parametrize(
    ("status", "who", "button"),
    [
        (AppointmentStatus.BOOKED, "reception", "Check in"),
        (AppointmentStatus.BOOKED, "reception", "Did not come"),
        (AppointmentStatus.ARRIVED, "doctor", "Start"),
        (AppointmentStatus.ARRIVED, "nurse", "Undo check-in"),
    ],
)
def test_without_its_audit_entry_a_step_is_not_taken(
    clinic: Clinic,
    sign_in: SignIn,
    arrange: Arrange,
    database: Session,
    request: pytest.FixtureRequest,
    status: AppointmentStatus,
    who: str,
    button: str,
) -> None:
    arrange(0, status=status)
    client = sign_in(getattr(clinic, who))
    page = client.get(f"/clinics/{clinic.location.ref}/day")
    before = kept(database)
    request.getfixturevalue("broken_audit")

    assert press(client, page, button).status_code >= 500
    assert kept(database) == before


@pytest.mark.usefixtures("broken_audit")
def test_a_page_that_cannot_be_audited_is_not_shown(
    clinic: Clinic, patient: FlaskClient, booked: Appointment, sign_in: SignIn
) -> None:
    for rest in ("", "/find", f"/book/{clinic.slots[0].ref}", f"/{booked.ref}"):
        answer = patient.get(address(clinic, rest))
        assert answer.status_code >= 500
        assert "hospital number" not in answer.text
    day = sign_in(clinic.reception).get(f"/clinics/{clinic.location.ref}/day?date=2026-03-04")
    assert day.status_code >= 500
    assert "Okafor" not in day.text
