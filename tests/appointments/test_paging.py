"""Long lists, page by page: every row once, totals of the whole list, and a link back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.appointments.appointment_list import queries as appointment_list
from portal.appointments.day_list import queries as day_list_queries
from portal.appointments.day_list import statements as day_list
from portal.appointments.rebooking import queries as rebooking
from portal.models import Appointment
from portal.vocabulary import AppointmentStatus, SlotStatus
from tests.appointments.conftest import SignIn, address
from tests.appointments.pages import press
from tests.builders import NOW, a_patient, a_practitioner, a_slot, an_appointment
from tests.builders.morning import Clinic

ROW = re.compile(r'id="a([0-9a-f]{20})"')


def link(page: TestResponse, way: str) -> str | None:
    """The address of the next or the previous page."""
    found = re.search(rf'href="([^"]+)" rel="{way}"', page.text)
    return unescape(found[1]) if found else None


def walk(client: FlaskClient, first: str) -> list[TestResponse]:
    pages = [client.get(first)]
    while onwards := link(pages[-1], "next"):
        pages.append(client.get(onwards))
        assert len(pages) < 10, "it goes in a circle"
    return pages


def many(database: Session, clinic: Clinic) -> list[Appointment]:
    """Five appointments of today, the first two at the same time at different practitioners."""
    other = a_practitioner(database, [clinic.location])
    made = []
    for number, who in enumerate([clinic.practitioner, other, *[clinic.practitioner] * 3]):
        starts_at = NOW + timedelta(minutes=30 * max(number - 1, 0))
        slot = a_slot(database, who, clinic.location, starts_at=starts_at)
        made.append(an_appointment(database, a_patient(database), slot))
    database.commit()
    return made


def test_a_patient_pages_through_all_past_appointments(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    start = NOW - timedelta(days=200)
    rows = []
    for number in range(2 * appointment_list.PAGE + 13):
        # Each instant has two appointments, so the key needs more than the time.
        slot = a_slot(
            database,
            a_practitioner(database, [clinic.location]),
            clinic.location,
            starts_at=start + timedelta(days=number // 2),
        )
        rows.append(an_appointment(database, clinic.patient, slot))
    database.commit()

    pages = walk(patient, address(clinic))

    refs = re.compile(r"/appointments/([0-9a-f]{20})")
    listed = [ref for page in pages for ref in refs.findall(page.text)]
    assert len(pages) == 3
    assert listed == [row.ref for row in reversed(rows)], "the newest first"
    assert "Past appointments" in pages[1].text
    assert "Book an appointment" not in pages[2].text


def test_a_page_cannot_begin_at_anothers_appointment(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    slot = a_slot(database, clinic.practitioner, clinic.location, starts_at=NOW - timedelta(days=1))
    theirs = an_appointment(database, a_patient(database), slot)
    database.commit()

    assert patient.get(address(clinic, f"?before={theirs.ref}")).status_code == 404
    assert patient.get(address(clinic, f"?before={'0' * 20}")).status_code == 404
    for nonsense in ("é", "1", "%00", "'"):
        assert patient.get(address(clinic, f"?before={nonsense}")).status_code == 200


@pytest.fixture
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    built = (day_list.page, day_list.page_before, rebooking._to_rebook)
    for one in built:
        one.cache_clear()
    for module in (day_list, day_list_queries, rebooking):
        monkeypatch.setattr(module, "PAGE", 2)
    yield
    for one in built:
        one.cache_clear()


@pytest.mark.usefixtures("two_a_page")
def test_a_long_day_is_paged_and_its_totals_are_of_the_whole_day(
    clinic: Clinic, reception: FlaskClient, database: Session
) -> None:
    rows = many(database, clinic)
    rows[4].status = AppointmentStatus.NOSHOW
    database.commit()
    day = f"/clinics/{clinic.location.ref}/day"

    pages = walk(reception, day)

    shown = [ROW.findall(page.text) for page in pages]
    assert [len(refs) for refs in shown] == [2, 2, 1]
    assert {ref for refs in shown for ref in refs} == {row.ref for row in rows}
    for page in pages:
        assert "4 Booked" in page.text
        assert "1 Did not come" in page.text
    back = link(pages[2], "prev")
    assert back is not None
    assert ROW.findall(reception.get(back).text) == shown[1]
    assert link(pages[0], "prev") is None
    assert ROW.findall(reception.get(f"{day}/print").text) == []
    assert reception.get(f"{day}/print").text.count("<tr>") == 1 + len(rows)


@pytest.mark.usefixtures("two_a_page")
def test_a_step_comes_back_to_its_page(
    clinic: Clinic, reception: FlaskClient, database: Session
) -> None:
    rows = many(database, clinic)
    second = reception.get(link(reception.get(f"/clinics/{clinic.location.ref}/day"), "next") or "")
    (first_shown, _) = ROW.findall(second.text)

    answer = press(reception, second, "Check in")

    assert f"start={first_shown}" in answer.location
    assert answer.location.endswith(f"#a{first_shown}")
    assert ROW.findall(reception.get(answer.location).text) == ROW.findall(second.text)
    # If the page's first row was moved to another day, the day is shown from its start.
    moved = next(row for row in rows if row.ref == first_shown)
    moved.starts_at += timedelta(days=1)
    database.commit()
    assert link(reception.get(answer.location), "prev") is None


@pytest.mark.usefixtures("two_a_page")
def test_the_appointments_to_rebook_are_paged(
    clinic: Clinic, reception: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    rows = many(database, clinic)
    for row in rows:
        row.slot.status = SlotStatus.UNAVAILABLE
    database.commit()

    pages = walk(reception, "/rebook")

    shown = [re.findall(r"/appointments/([0-9a-f]{20})/move", page.text) for page in pages]
    assert [len(refs) for refs in shown] == [2, 2, 1]
    assert {ref for refs in shown for ref in refs} == {row.ref for row in rows}


def test_on_the_night_when_clocks_go_back_each_time_says_which_one_it_is(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    """The clocks go back at 2am: it is 1am again half an hour after 1:30am."""
    starts_at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    ends_at = starts_at + timedelta(minutes=30)
    slot = a_slot(
        database, clinic.practitioner, clinic.location, starts_at=starts_at, ends_at=ends_at
    )
    booked = an_appointment(database, clinic.patient, slot)
    database.commit()

    page = patient.get(address(clinic, f"/{booked.ref}"))
    assert "Sunday 25 October 2026, 1:30am (BST) to 1am (GMT)" in page.text
    assert "at 1:30am (BST)" in patient.get(address(clinic)).text
    other = a_slot(
        database, clinic.practitioner, clinic.location, starts_at=ends_at + timedelta(minutes=30)
    )
    database.commit()
    page = patient.get(address(clinic, f"/book/{other.ref}"))
    assert "Sunday 25 October 2026, 1:30am (GMT) to 1:50am (GMT)" in page.text
