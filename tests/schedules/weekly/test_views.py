"""The pages of weekly sessions: the week, and what a change asks before it is made."""

from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.models import Schedule
from portal.vocabulary import SlotStatus
from tests.builders import NOW, audited
from tests.builders.tuesdays import Clinic
from tests.schedules.pages import HOME, fields_of, refused, send, words

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE
TUESDAY = date(2026, 3, 10)


def test_the_week_shows_its_sessions(administrator: FlaskClient, open_clinic: Clinic) -> None:
    open_clinic.booked("9:20")
    open_clinic.session.commit()
    address = f"{HOME}/practitioners/{open_clinic.practitioner.ref}/week"

    shown = words(administrator.get(f"{address}?from=2026-03-11"))

    assert "9 March 2026 to 15 March 2026" in shown
    assert "9am to midday Heart clinic In person, 20 minutes each 1 of 9 booked" in shown
    for odd in ("yesterday", "0001-01-01", "9999-12-31", "%00", "2026-02-30"):
        assert "2 March 2026 to 8 March 2026" in words(administrator.get(f"{address}?from={odd}"))


def test_the_week_shows_leave_and_extra_clinics(
    administrator: FlaskClient, open_clinic: Clinic
) -> None:
    ref = open_clinic.practitioner.ref
    page = administrator.get(f"{HOME}/exceptions/leave/new?practitioner={ref}")
    send(administrator, page, first_day=TUESDAY, last_day=TUESDAY, starts="10am", reason="A course")
    page = administrator.get(f"{HOME}/exceptions/extra/new?practitioner={ref}")
    answer = send(
        administrator,
        page,
        location=open_clinic.location.ref,
        day=date(2026, 3, 14),
        starts="9am",
        ends="10am",
        slot_minutes="15",
        reason="Waiting list",
    )
    assert "The extra clinic has been added with 4 times to book." in words(
        administrator.get(answer.location)
    )

    shown = words(administrator.get(f"{HOME}/practitioners/{ref}/week?from=2026-03-10"))

    assert "Away from 10am: A course" in shown
    assert "0 of 3 booked, 6 removed" in shown
    assert "Extra clinic: Waiting list 0 of 4 booked" in shown


def weekly(administrator: FlaskClient, open_clinic: Clinic, **typed: object) -> TestResponse:
    page = administrator.get(f"{HOME}/practitioners/{open_clinic.practitioner.ref}/schedules/new")
    good = {"weekday": ["2", "3"], "starts": "1pm", "ends": "14:50", "slot_minutes": "20"}
    return send(administrator, page, **{**good, **typed})


def test_a_weekly_session_is_added_and_says_what_is_left_over(
    administrator: FlaskClient, open_clinic: Clinic
) -> None:
    answer = weekly(administrator, open_clinic)

    assert answer.status_code == 303
    shown = words(administrator.get(answer.location))
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
        ({"mode": "telepathy"}, "Choose the type of appointment"),
        ({"valid_from-day": "31", "valid_from-month": "2"}, "Enter a real date"),
        ({"valid_from-year": "1926"}, "Choose a day from"),
        ({"valid_to": date(2026, 3, 3)}, "The last day can&#39;t be before the first."),
    ],
    ids=str,
)
def test_a_weekly_session_that_does_not_fit_is_refused(
    administrator: FlaskClient,
    open_clinic: Clinic,
    database: Session,
    typed: dict[str, object],
    says: str,
) -> None:
    answer = weekly(administrator, open_clinic, **typed)

    refused(answer, says)
    database.rollback()
    assert database.scalar(select(func.count(Schedule.id))) == 1


def test_a_change_asks_first_and_then_does_it(
    administrator: FlaskClient, open_clinic: Clinic
) -> None:
    open_clinic.booked("11:40")
    open_clinic.session.commit()
    page = administrator.get(f"{HOME}/schedules/{open_clinic.schedule.ref}/change")
    assert fields_of(page)["starts"] == "9am"

    question = send(administrator, page, valid_from=TUESDAY, ends="11am")
    assert "Nothing has been changed yet. If you continue, 23 free times are removed" in words(
        question
    )
    assert "at 11:40am" in words(question)
    answer = send(administrator, question)

    assert answer.status_code == 303
    assert "The session has been changed. 23 free times removed. 1 booked" in words(
        administrator.get(answer.location)
    )
    open_clinic.session.rollback()
    assert open_clinic.statuses() == [*[FREE] * 6, UNAVAILABLE]


def test_what_was_booked_after_the_question_is_asked_about_too(
    administrator: FlaskClient, open_clinic: Clinic
) -> None:
    open_clinic.booked("11:40")
    open_clinic.session.commit()
    page = administrator.get(f"{HOME}/schedules/{open_clinic.schedule.ref}/end")
    question = send(administrator, page, last_day=NOW.date())
    open_clinic.session.rollback()
    open_clinic.booked("11:20")
    open_clinic.session.commit()

    again = send(administrator, question)

    assert again.status_code == 400
    assert "Important: 2 booked appointments must be rebooked" in words(again)
    assert send(administrator, again).status_code == 303


def test_an_ended_session_can_not_be_ended_again(
    administrator: FlaskClient, open_clinic: Clinic, database: Session
) -> None:
    page = administrator.get(f"{HOME}/schedules/{open_clinic.schedule.ref}/end")
    open_clinic.schedule.valid_to = date(2026, 2, 28)
    database.commit()

    answer = send(administrator, page, last_day=TUESDAY)

    assert answer.status_code == 400
    assert "This session ended on 28 February 2026." in answer.text


def test_every_change_is_audited(
    administrator: FlaskClient, open_clinic: Clinic, database: Session
) -> None:
    weekly(administrator, open_clinic)
    database.rollback()

    entry = audited(database)[-1]
    assert entry.deed == "manage schedules"
    assert str(entry.entity).startswith("Schedule/")
    assert entry.detail == {"step": "add"}
    assert isinstance(entry.at, datetime)
