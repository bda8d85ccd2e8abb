"""The pages of leave, closures and bank holidays."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models import ScheduleException
from portal.vocabulary import SlotStatus
from tests.builders.tuesdays import Clinic
from tests.schedules.pages import HOME, refused, send, words

FREE, BUSY, UNAVAILABLE = SlotStatus.FREE, SlotStatus.BUSY, SlotStatus.UNAVAILABLE
TUESDAY = date(2026, 3, 10)


def test_the_same_confirmation_twice_gives_one_change(
    administrator: FlaskClient, open_clinic: Clinic, database: Session
) -> None:
    page = administrator.get(f"{HOME}/exceptions/leave/new")
    typed = {
        "practitioner": open_clinic.practitioner.ref,
        "first_day": TUESDAY,
        "last_day": TUESDAY,
        "reason": "Annual leave",
    }
    first, second = send(administrator, page, **typed), send(administrator, page, **typed)

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
def test_leave_with_impossible_days_is_refused(
    administrator: FlaskClient, open_clinic: Clinic, typed: dict[str, object], says: str
) -> None:
    page = administrator.get(f"{HOME}/exceptions/leave/new")
    good = {
        "practitioner": open_clinic.practitioner.ref,
        "first_day": TUESDAY,
        "last_day": TUESDAY,
        "reason": "Annual leave",
    }

    refused(send(administrator, page, **{**good, **typed}), says)


def test_a_closure_of_one_clinic_and_its_end(
    administrator: FlaskClient, open_clinic: Clinic
) -> None:
    page = administrator.get(f"{HOME}/exceptions/closures/new")
    send(
        administrator,
        page,
        location=open_clinic.location.ref,
        first_day=TUESDAY,
        last_day=TUESDAY,
        reason="Building work",
    )
    shown = words(administrator.get(f"{HOME}/exceptions"))
    assert "Closure Who or where Heart clinic When Tuesday 10 March 2026" in shown
    open_clinic.session.rollback()
    assert open_clinic.statuses() == [UNAVAILABLE] * 9

    ref = open_clinic.session.scalars(select(ScheduleException.ref)).one()
    answer = send(administrator, administrator.get(f"{HOME}/exceptions/{ref}/end"))

    assert "Its times can be booked." in words(administrator.get(answer.location))
    open_clinic.session.rollback()
    assert open_clinic.statuses() == [FREE] * 9
    assert administrator.get(f"{HOME}/exceptions/{ref}/end").status_code == 404


def test_bank_holidays_are_ticked_and_not_offered_again(
    administrator: FlaskClient, open_clinic: Clinic
) -> None:
    page = administrator.get(f"{HOME}/exceptions/bank-holidays")
    assert "Good Friday, Friday 3 April" in words(page)
    assert "New Year" not in words(page)

    answer = send(administrator, page, days=["2026-04-03", "2026-04-06", "2026-04-06"])
    assert "All clinics are closed on 2 bank holidays." in words(administrator.get(answer.location))

    page = administrator.get(f"{HOME}/exceptions/bank-holidays?year=2026")
    assert "Closed already Good Friday, Friday 3 April 2026 Easter Monday" in words(page)
    assert "2026-04-03" not in page.text
    assert "New Year's Day, Friday 1 January" in words(
        administrator.get(f"{HOME}/exceptions/bank-holidays?year=2027")
    )


@pytest.mark.parametrize("days", [[], ["2026-04-04"], ["tomorrow"], ["2026-01-01"]], ids=str)
def test_only_bank_holidays_are_ticked(administrator: FlaskClient, days: list[str]) -> None:
    answer = send(administrator, administrator.get(f"{HOME}/exceptions/bank-holidays"), days=days)

    refused(answer, "Choose at least one day from the list")
