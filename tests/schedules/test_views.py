"""The administrator's pages: what they show, what they change, what they refuse and how."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import (
    Account,
    AuditEvent,
    Location,
    Practitioner,
    Schedule,
    ScheduleException,
    SlotStatus,
)
from portal.web import current
from tests.hospital import NOW, a_patient, an_account
from tests.schedules.conftest import Clinic, a_clinic
from tests.schedules.pages import fields_of, send, words

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE
TUESDAY = date(2026, 3, 10)
HOME = "/administration"


@pytest.fixture
def clinic(database: Session, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    monkeypatch.setattr(current, "now", lambda: NOW)
    found = a_clinic(database)
    found.practitioner.given, found.practitioner.family = "Grace", "Lindqvist"
    found.location.name = "Heart clinic"
    database.commit()
    return found


@pytest.fixture
def client(
    database: Session, clinic: Clinic, sign_in: Callable[[Account], FlaskClient]
) -> FlaskClient:
    return sign_in(an_account(database, Role.ADMINISTRATOR))


def pages(clinic: Clinic) -> list[str]:
    practitioner = f"{HOME}/practitioners/{clinic.practitioner.ref}"
    place = f"{HOME}/clinics/{clinic.location.ref}"
    schedule = f"{HOME}/schedules/{clinic.schedule.ref}"
    return [
        f"{HOME}/clinics",
        f"{HOME}/clinics/new",
        place,
        f"{place}/close",
        f"{HOME}/practitioners",
        f"{HOME}/practitioners/new",
        practitioner,
        f"{practitioner}/deactivate",
        f"{practitioner}/week",
        f"{practitioner}/schedules/new",
        f"{HOME}/schedules",
        f"{schedule}/change",
        f"{schedule}/end",
        f"{HOME}/exceptions",
        f"{HOME}/exceptions/leave/new",
        f"{HOME}/exceptions/closures/new",
        f"{HOME}/exceptions/extra/new",
        f"{HOME}/exceptions/bank-holidays",
    ]


def refused(answer: object, *says: str) -> None:
    """Shown again with each message, once in the summary and once beside its field."""
    assert answer.status_code == 400  # type: ignore[attr-defined]
    for message in says:
        assert answer.text.count(message) == 2, message  # type: ignore[attr-defined]
    assert "There is a problem" in answer.text  # type: ignore[attr-defined]
    assert "<title>Error: " in answer.text  # type: ignore[attr-defined]


def test_every_page_opens_in_few_statements_and_is_remembered(
    client: FlaskClient, clinic: Clinic, engine: Engine, database: Session
) -> None:
    for address in pages(clinic):
        asked: list[str] = []

        def note(*arguments: object, asked: list[str] = asked) -> None:
            asked.append(str(arguments[2]))

        before = database.scalar(select(func.max(AuditEvent.id))) or 0
        database.rollback()
        event.listen(engine, "before_cursor_execute", note)
        answer = client.get(address)
        event.remove(engine, "before_cursor_execute", note)

        assert answer.status_code == 200, address
        assert len(asked) <= 8, (address, asked)
        deeds = database.scalars(select(AuditEvent.deed).where(AuditEvent.id > before)).all()
        if not address.endswith("/new") or address.endswith("/schedules/new"):
            assert deeds, address
        database.rollback()


@pytest.mark.parametrize("role", [Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.RECEPTION])
def test_nobody_else_gets_in(
    database: Session, clinic: Clinic, sign_in: Callable[[Account], FlaskClient], role: Role
) -> None:
    browser = sign_in(an_account(database, role))

    for address in pages(clinic):
        assert browser.get(address).status_code == 403, address


def test_what_is_not_there(client: FlaskClient) -> None:
    for ref in ("0" * 20, "ü" * 20, "'" * 20):
        for address in (
            f"clinics/{ref}",
            f"clinics/{ref}/close",
            f"practitioners/{ref}",
            f"practitioners/{ref}/week",
            f"practitioners/{ref}/schedules/new",
            f"schedules/{ref}/change",
            f"exceptions/{ref}/end",
        ):
            assert client.get(f"{HOME}/{address}").status_code == 404, address


def test_a_clinic_is_added_with_its_hours(client: FlaskClient, database: Session) -> None:
    page = client.get(f"{HOME}/clinics/new")
    assert fields_of(page)["hours_0"] == "8am to 6pm"

    answer = send(
        client,
        page,
        name="  Skin   clinic\0 ",
        hours_0="8:30 to midday, 1pm to 17.00",
        hours_4="",
        hours_5="9am-11am",
    )

    assert answer.status_code == 303
    shown = words(client.get(answer.location))
    assert "Skin clinic was added." in shown
    assert "Monday: 8:30am to midday, 1pm to 5pm" in shown
    assert "Tuesday to Thursday: 8am to 6pm" in shown
    assert "Saturday: 9am to 11am" in shown


def test_a_clinic_needs_a_name_and_hours_that_can_be_read(client: FlaskClient) -> None:
    page = client.get(f"{HOME}/clinics/new")
    answer = send(
        client, page, name=" ", phone="1" * 33, hours_0="nine to five", hours_1="6pm to 8am"
    )

    refused(answer, "Enter the clinic&#39;s name", "Use 32 characters or fewer")
    assert answer.text.count("Enter hours such as 8am to midday, 1pm to 6pm") == 4
    assert fields_of(answer)["hours_0"] == "nine to five"


def test_a_clinic_with_a_name_that_is_taken(client: FlaskClient, database: Session) -> None:
    answer = send(client, client.get(f"{HOME}/clinics/new"), name="HEART CLINIC")

    refused(answer, "There is a clinic with this name already.")
    assert database.scalar(select(func.count(Location.id))) == 1


def test_hours_that_leave_a_session_outside(client: FlaskClient, clinic: Clinic) -> None:
    page = client.get(f"{HOME}/clinics/{clinic.location.ref}")
    answer = send(client, page, hours_1="10am to 6pm")

    refused(answer, "Dr Grace Lindqvist on Tuesday 9am to midday. Change or end them first.")


def test_a_clinic_is_taken_out_of_use_and_back(client: FlaskClient, clinic: Clinic) -> None:
    clinic.booked("9:20")
    clinic.session.commit()
    address = f"{HOME}/clinics/{clinic.location.ref}"
    question = send(client, client.get(f"{address}/close"))
    assert question.status_code == 400
    assert "Important: 1 booked appointment must be rebooked" in words(question)
    assert "Tuesday 10 March 2026 with Dr Grace Lindqvist, Heart clinic, at 9:20am" in words(
        question
    )
    clinic.session.rollback()
    assert clinic.statuses()[0] is FREE

    answer = send(client, question)
    assert answer.status_code == 303
    assert "1 booked appointment must be rebooked." in words(client.get(answer.location))
    assert "Not in use" in words(client.get(f"{HOME}/clinics"))
    clinic.session.rollback()
    assert clinic.statuses() == [UNAVAILABLE] * 9

    keys = fields_of(client.get(address))
    assert client.post(f"{address}/reopen", data=keys).status_code == 303
    clinic.session.rollback()
    assert clinic.statuses() == [FREE, BUSY, *[FREE] * 7]


def test_nobody_s_name_is_shown_to_an_administrator(client: FlaskClient, clinic: Clinic) -> None:
    booked = clinic.booked("9:20")
    patient = a_patient(clinic.session, family="Unmistakable")
    booked.patient_id = patient.id
    clinic.session.commit()

    question = send(client, client.get(f"{HOME}/clinics/{clinic.location.ref}/close"))
    answer = send(client, question)
    after = client.get(f"{HOME}/exceptions")

    assert answer.status_code == 303
    assert "1 booked appointment must be rebooked" in words(after)
    for page in (question, after):
        assert "Unmistakable" not in page.text
        assert patient.ref not in page.text


def test_a_practitioner_is_added_and_changed(
    client: FlaskClient, clinic: Clinic, database: Session
) -> None:
    page = client.get(f"{HOME}/practitioners/new")
    answer = send(client, page, given="Priya", family="Raman", locations=[clinic.location.ref])
    assert answer.status_code == 303
    assert "Priya Raman was added" in words(client.get(answer.location))
    database.rollback()
    ref = database.scalars(select(Practitioner.ref).where(Practitioner.family == "Raman")).one()

    page = client.get(f"{HOME}/practitioners/{ref}")
    assert fields_of(page)["locations"] == [clinic.location.ref]
    send(client, page, prefix="Dr", specialty="Cardiology")
    shown = words(client.get(f"{HOME}/practitioners"))
    assert "Dr Priya Raman" in shown
    assert "Cardiology" in shown


def test_a_practitioner_needs_a_name_and_a_clinic(client: FlaskClient) -> None:
    answer = send(client, client.get(f"{HOME}/practitioners/new"), prefix="x" * 21)

    refused(
        answer,
        "Enter the first name",
        "Enter the family name",
        "Choose at least one clinic from the list",
        "Use 20 characters or fewer",
    )


def test_a_clinic_is_not_taken_from_somebody_with_sessions_there(
    client: FlaskClient, clinic: Clinic, database: Session
) -> None:
    other = a_clinic(database)
    database.commit()
    page = client.get(f"{HOME}/practitioners/{clinic.practitioner.ref}")
    answer = send(client, page, locations=[other.location.ref])

    refused(answer, "They have sessions in Heart clinic. End these sessions first.")


def test_somebody_leaves_and_returns(client: FlaskClient, clinic: Clinic) -> None:
    address = f"{HOME}/practitioners/{clinic.practitioner.ref}"
    answer = send(client, client.get(f"{address}/deactivate"))
    shown = words(client.get(answer.location))
    assert "Dr Grace Lindqvist can't be booked any more. 78 free times taken out." in shown
    assert "Not bookable" in shown

    client.post(f"{address}/reactivate", data=fields_of(client.get(address)))
    clinic.session.rollback()
    assert clinic.statuses() == [FREE] * 9


def test_the_week_shows_what_comes(client: FlaskClient, clinic: Clinic) -> None:
    clinic.booked("9:20")
    clinic.session.commit()
    address = f"{HOME}/practitioners/{clinic.practitioner.ref}/week"

    shown = words(client.get(f"{address}?from=2026-03-11"))

    assert "9 March 2026 to 15 March 2026" in shown
    assert "9am to midday Heart clinic In person, 20 minutes each 1 of 9 booked" in shown
    for odd in ("yesterday", "0001-01-01", "9999-12-31", "%00", "2026-02-30"):
        assert "2 March 2026 to 8 March 2026" in words(client.get(f"{address}?from={odd}"))


def test_the_week_shows_leave_and_extra_clinics(client: FlaskClient, clinic: Clinic) -> None:
    ref = clinic.practitioner.ref
    page = client.get(f"{HOME}/exceptions/leave/new?practitioner={ref}")
    send(client, page, first_day=TUESDAY, last_day=TUESDAY, starts="10am", reason="A course")
    page = client.get(f"{HOME}/exceptions/extra/new?practitioner={ref}")
    answer = send(
        client,
        page,
        location=clinic.location.ref,
        day=date(2026, 3, 14),
        starts="9am",
        ends="10am",
        slot_minutes="15",
        reason="Waiting list",
    )
    assert "The extra clinic was added with 4 times to book." in words(client.get(answer.location))

    shown = words(client.get(f"{HOME}/practitioners/{ref}/week?from=2026-03-10"))

    assert "Away from 10am: A course" in shown
    assert "0 of 3 booked, 6 taken out" in shown
    assert "Extra clinic: Waiting list 0 of 4 booked" in shown


def weekly(client: FlaskClient, clinic: Clinic, **typed: object) -> object:
    page = client.get(f"{HOME}/practitioners/{clinic.practitioner.ref}/schedules/new")
    good = {"weekday": ["2", "3"], "starts": "1pm", "ends": "14:50", "slot_minutes": "20"}
    return send(client, page, **{**good, **typed})


def test_a_weekly_session_is_added_and_says_what_is_left_over(
    client: FlaskClient, clinic: Clinic
) -> None:
    answer = weekly(client, clinic)

    assert answer.status_code == 303  # type: ignore[attr-defined]
    shown = words(client.get(answer.location))  # type: ignore[attr-defined]
    assert "2 weekly sessions added with 80 times to book." in shown
    assert "The last 10 minutes of each session stay empty." in shown


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"weekday": []}, "Choose at least one day of the week"),
        ({"weekday": ["7"]}, "Choose at least one day of the week"),
        ({"weekday": ["6"]}, "Heart clinic is closed on Sundays."),
        ({"location": "0" * 20}, "Choose a clinic from the list"),
        ({"starts": ""}, "Enter when it starts"),
        ({"starts": "nine"}, "Enter a time such as 9:30am or 13:30"),
        ({"starts": "7am"}, "Heart clinic is open on Wednesdays from 8am to 6pm."),
        (
            {"weekday": ["1"], "starts": "11:30"},
            "There is a session already: Tuesday 9am to midday",
        ),
        ({"ends": "1pm"}, "The end must be after the beginning."),
        ({"slot_minutes": "twenty"}, "Enter a number of minutes, such as 20"),
        ({"slot_minutes": "9" * 5000}, "Enter a number of minutes, such as 20"),
        ({"slot_minutes": "0"}, "Choose a length from 5 to 240 minutes."),
        ({"slot_minutes": "120"}, "The session is shorter than one appointment."),
        ({"mode": "telepathy"}, "Choose how they meet"),
        ({"valid_from-day": "31", "valid_from-month": "2"}, "Enter a real date"),
        ({"valid_from-year": "1926"}, "Choose a day from"),
        ({"valid_to": date(2026, 3, 3)}, "The last day can&#39;t be before the first."),
    ],
    ids=str,
)
def test_a_weekly_session_without_a_place(
    client: FlaskClient, clinic: Clinic, database: Session, typed: dict[str, object], says: str
) -> None:
    answer = weekly(client, clinic, **typed)

    refused(answer, says)
    database.rollback()
    assert database.scalar(select(func.count(Schedule.id))) == 1


def test_a_change_asks_first_and_then_does_it(client: FlaskClient, clinic: Clinic) -> None:
    clinic.booked("11:40")
    clinic.session.commit()
    page = client.get(f"{HOME}/schedules/{clinic.schedule.ref}/change")
    assert fields_of(page)["starts"] == "9am"

    question = send(client, page, valid_from=TUESDAY, ends="11am")
    assert "Nothing has been changed yet. If you go on, 23 free times are taken out" in words(
        question
    )
    assert "at 11:40am" in words(question)
    answer = send(client, question)

    assert answer.status_code == 303
    assert "The session was changed. 23 free times taken out. 1 booked" in words(
        client.get(answer.location)
    )
    clinic.session.rollback()
    assert clinic.statuses() == [*[FREE] * 6, UNAVAILABLE]


def test_what_was_booked_after_the_question_is_asked_about_too(
    client: FlaskClient, clinic: Clinic
) -> None:
    clinic.booked("11:40")
    clinic.session.commit()
    page = client.get(f"{HOME}/schedules/{clinic.schedule.ref}/end")
    question = send(client, page, last_day=NOW.date())
    clinic.session.rollback()
    clinic.booked("11:20")
    clinic.session.commit()

    again = send(client, question)

    assert again.status_code == 400
    assert "Important: 2 booked appointments must be rebooked" in words(again)
    assert send(client, again).status_code == 303


def test_the_same_confirmation_twice_gives_one_change(
    client: FlaskClient, clinic: Clinic, database: Session
) -> None:
    page = client.get(f"{HOME}/exceptions/leave/new")
    typed = {
        "practitioner": clinic.practitioner.ref,
        "first_day": TUESDAY,
        "last_day": TUESDAY,
        "reason": "Annual leave",
    }
    first, second = send(client, page, **typed), send(client, page, **typed)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    database.rollback()
    assert database.scalar(select(func.count(ScheduleException.id))) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"practitioner": ""}, "Choose who from the list"),
        ({"practitioner": "\0"}, "Choose who from the list"),
        ({"first_day-day": ""}, "Enter a real date"),
        ({"last_day": date(2026, 3, 9)}, "The end must be after the beginning."),
        ({"last_day-year": "99999999999"}, "Enter a real date"),
        ({"first_day-year": "0001"}, "Choose a day from"),
        ({"starts": "25:00"}, "Enter a time such as"),
        ({"reason": " "}, "Enter a reason"),
        ({"reason": "x" * 201}, "Use 200 characters or fewer"),
    ],
    ids=str,
)
def test_leave_that_can_not_be_meant(
    client: FlaskClient, clinic: Clinic, typed: dict[str, object], says: str
) -> None:
    page = client.get(f"{HOME}/exceptions/leave/new")
    good = {
        "practitioner": clinic.practitioner.ref,
        "first_day": TUESDAY,
        "last_day": TUESDAY,
        "reason": "Annual leave",
    }

    refused(send(client, page, **{**good, **typed}), says)


def test_a_closure_of_one_clinic_and_its_end(client: FlaskClient, clinic: Clinic) -> None:
    page = client.get(f"{HOME}/exceptions/closures/new")
    send(
        client,
        page,
        location=clinic.location.ref,
        first_day=TUESDAY,
        last_day=TUESDAY,
        reason="Building work",
    )
    shown = words(client.get(f"{HOME}/exceptions"))
    assert "Closed Who or where Heart clinic When Tuesday 10 March 2026" in shown
    clinic.session.rollback()
    assert clinic.statuses() == [UNAVAILABLE] * 9

    ref = clinic.session.scalars(select(ScheduleException.ref)).one()
    answer = send(client, client.get(f"{HOME}/exceptions/{ref}/end"))

    assert "its times can be booked again" in words(client.get(answer.location))
    clinic.session.rollback()
    assert clinic.statuses() == [FREE] * 9
    assert client.get(f"{HOME}/exceptions/{ref}/end").status_code == 404


def test_bank_holidays_are_ticked_and_not_offered_again(
    client: FlaskClient, clinic: Clinic
) -> None:
    page = client.get(f"{HOME}/exceptions/bank-holidays")
    assert "Good Friday, Friday 3 April" in words(page)
    assert "New Year" not in words(page)

    answer = send(client, page, days=["2026-04-03", "2026-04-06", "2026-04-06"])
    assert "All clinics are closed on 2 bank holidays." in words(client.get(answer.location))

    page = client.get(f"{HOME}/exceptions/bank-holidays?year=2026")
    assert "Closed already Good Friday, Friday 3 April 2026 Easter Monday" in words(page)
    assert "2026-04-03" not in page.text
    assert "New Year's Day, Friday 1 January" in words(
        client.get(f"{HOME}/exceptions/bank-holidays?year=2027")
    )


@pytest.mark.parametrize("days", [[], ["2026-04-04"], ["tomorrow"], ["2026-01-01"]], ids=str)
def test_only_bank_holidays_are_ticked(client: FlaskClient, days: list[str]) -> None:
    answer = send(client, client.get(f"{HOME}/exceptions/bank-holidays"), days=days)

    refused(answer, "Choose at least one day from the list")


def test_an_ended_session_can_not_be_ended_again(
    client: FlaskClient, clinic: Clinic, database: Session
) -> None:
    page = client.get(f"{HOME}/schedules/{clinic.schedule.ref}/end")
    clinic.schedule.valid_to = date(2026, 2, 28)
    database.commit()

    answer = send(client, page, last_day=TUESDAY)

    assert answer.status_code == 400
    assert "This session ended on 28 February 2026." in answer.text


def test_everything_is_written_down(client: FlaskClient, clinic: Clinic, database: Session) -> None:
    weekly(client, clinic)
    database.rollback()

    found = database.execute(
        select(AuditEvent.deed, AuditEvent.entity, AuditEvent.detail, AuditEvent.at).order_by(
            AuditEvent.id.desc()
        )
    ).first()
    assert found is not None
    deed, entity, detail, at = found
    assert deed == "manage schedules"
    assert str(entity).startswith("Schedule/")
    assert detail == {"step": "add"}
    assert isinstance(at, datetime)
