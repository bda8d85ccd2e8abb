"""The first free times: what is shown, and how they are filtered."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.vocabulary import AppointmentStatus, Mode, SlotStatus
from tests.appointments.conftest import SignIn, address, offers
from tests.builders import (
    NOW,
    a_clinician,
    a_location,
    a_patient,
    a_practitioner,
    a_slot,
    an_account,
    an_appointment,
)
from tests.builders.morning import Clinic

DAY = timedelta(days=1)


def test_only_times_that_can_be_booked_are_offered(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    free, held, expired, mine = clinic.slots
    held.held_by_account_id, held.held_until = clinic.reception.id, NOW + timedelta(seconds=1)
    expired.held_by_account_id, expired.held_until = clinic.reception.id, NOW
    mine.held_by_account_id, mine.held_until = clinic.account.id, NOW + timedelta(minutes=4)
    for number, status in enumerate((SlotStatus.BUSY, SlotStatus.UNAVAILABLE), 5):
        starts_at = NOW + DAY + timedelta(hours=number)
        a_slot(database, clinic.practitioner, clinic.location, starts_at=starts_at, status=status)
    soon = a_slot(
        database, clinic.practitioner, clinic.location, starts_at=NOW + timedelta(minutes=59)
    )
    a_slot(database, clinic.practitioner, clinic.location, starts_at=NOW - timedelta(minutes=59))
    database.commit()

    page = patient.get(address(clinic, "/find"))

    assert offers(page) == {free.ref, expired.ref, mine.ref}
    assert soon.ref not in page.text


def test_staff_take_a_time_until_it_begins(
    clinic: Clinic, sign_in: SignIn, database: Session
) -> None:
    soon = a_slot(
        database, clinic.practitioner, clinic.location, starts_at=NOW + timedelta(minutes=1)
    )
    database.commit()

    page = sign_in(clinic.reception).get(address(clinic, "/find"))

    assert soon.ref in offers(page)


def test_times_that_overlap_the_patients_own_appointments_are_not_offered(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    other = a_practitioner(database, [clinic.location])
    beside = NOW + DAY + timedelta(minutes=10)
    theirs = an_appointment(
        database, clinic.patient, a_slot(database, other, clinic.location, starts_at=beside)
    )
    over = a_slot(database, other, clinic.location, starts_at=NOW + 2 * DAY)
    an_appointment(database, clinic.patient, over, status=AppointmentStatus.CANCELLED)
    same_time = a_slot(database, clinic.practitioner, clinic.location, starts_at=NOW + 2 * DAY)
    database.commit()
    first, second, third, fourth = clinic.slots

    booking = patient.get(address(clinic, "/find"))
    moving = patient.get(address(clinic, f"/{theirs.ref}/move"))

    assert offers(booking) == {third.ref, fourth.ref, same_time.ref}
    assert offers(moving) == offers(booking) | {first.ref, second.ref}


def test_times_are_narrowed_by_clinic_person_and_mode(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    elsewhere = a_location(database, name="Aardvark clinic")
    other = a_practitioner(database, [clinic.location, elsewhere])
    there = a_slot(database, other, elsewhere, starts_at=NOW + 2 * DAY)
    call = a_slot(database, other, clinic.location, starts_at=NOW + 3 * DAY, mode=Mode.PHONE)
    database.commit()
    here = {slot.ref for slot in clinic.slots}
    location, person = clinic.location.ref, other.ref

    for query, expected in {
        f"?clinic={location}": here | {call.ref},
        f"?clinic={elsewhere.ref}": {there.ref},
        f"?clinic={location}&practitioner={person}": {call.ref},
        f"?practitioner={person}": {call.ref, there.ref},
        "?mode=phone": {call.ref},
        "?mode=video": set(),
        f"?clinic={location}&practitioner={person}&mode=in-person": set(),
        "?clinic=&practitioner=&from=&mode=": here | {call.ref, there.ref},
    }.items():
        page = patient.get(address(clinic, f"/find{query}"))
        assert offers(page) == expected, query
        assert ("No free times" in page.text) is (not expected)


def test_a_few_times_of_each_day_are_shown_and_more_on_request(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    for number in range(10):
        a_slot(
            database,
            clinic.practitioner,
            clinic.location,
            starts_at=NOW + 2 * DAY + timedelta(minutes=20 * number),
        )
    far = a_slot(database, clinic.practitioner, clinic.location, starts_at=NOW + 9 * DAY)
    database.commit()

    first = patient.get(address(clinic, "/find"))
    whole = patient.get(address(clinic, "/find?day=2026-03-05"))
    later = patient.get(address(clinic, "/find?from=2026-03-11"))

    assert len(offers(first)) == 8, "four of each day"
    assert "More times on Wednesday" not in first.text
    assert "day=2026-03-05" in first.text
    assert "from=2026-03-11" in first.text
    assert len(offers(whole)) == 10
    assert offers(later) == {far.ref}


def test_days_are_the_hospitals_days(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    """The first Sunday of summer time has 23 hours, and begins at midnight, not at 1am."""
    for hour, minute, day in ((23, 30, 28), (0, 30, 29), (22, 30, 29), (23, 30, 29)):
        starts_at = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
        a_slot(database, clinic.practitioner, clinic.location, starts_at=starts_at)
    database.commit()

    page = patient.get(address(clinic, "/find?day=2026-03-29"))

    assert len(offers(page)) == 2
    assert "<b>12:30am</b>" in page.text
    assert "<b>11:30pm</b>" in page.text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?clinic=nowhere", "Choose a clinic from the list"),
        ("?clinic=%F0%9F%A6%86", "Choose a clinic from the list"),
        ("?practitioner=nobody", "Choose somebody who works in this clinic"),
        ("?mode=telepathy", "Choose a type of appointment from the list"),
        ("?from=soon", "Enter a real date"),
        ("?from=2026-02-30", "Enter a real date"),
        ("?from=9999-12-31", "Enter a real date"),
        ("?day=0001-01-01", "Enter a real date"),
    ],
)
def test_a_bad_filter_is_told_and_offers_nothing(
    clinic: Clinic, patient: FlaskClient, query: str, message: str
) -> None:
    page = patient.get(address(clinic, f"/find{query}"))

    assert page.status_code == 200
    assert "There is a problem" in page.text
    assert message in page.text
    assert offers(page) == set()


def test_a_practitioner_of_another_clinic_cannot_be_chosen(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    elsewhere = a_location(database)
    other = a_practitioner(database, [elsewhere])
    database.commit()

    page = patient.get(
        address(clinic, f"/find?clinic={clinic.location.ref}&practitioner={other.ref}")
    )

    assert "Choose somebody who works in this clinic" in page.text


def test_a_closed_clinic_and_an_absent_doctor_cannot_be_chosen(
    clinic: Clinic, patient: FlaskClient, database: Session
) -> None:
    closed = a_location(database, active=False)
    gone = a_practitioner(database, [clinic.location], active=False)
    database.commit()

    page = patient.get(address(clinic, f"/find?clinic={clinic.location.ref}"))

    assert clinic.practitioner.ref in page.text
    assert closed.ref not in page.text
    assert gone.ref not in page.text


def test_taken_times_are_shown_to_those_who_may_overbook(
    clinic: Clinic, patient: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    an_appointment(database, clinic.patient, clinic.slots[1])
    database.commit()
    query = "/find?day=2026-03-04"
    link = address(clinic, f"/overbook/{clinic.slots[1].ref}")

    for account, shown in (
        (clinic.reception, True),
        (clinic.doctor, True),
        (clinic.nurse, False),
        (clinic.account, False),
    ):
        page = sign_in(account).get(address(clinic, query))
        assert page.status_code == 200
        assert (link in page.text) is shown, account.roles
    assert link not in patient.get(address(clinic, "/find")).text


def test_a_clinician_looks_for_their_patients_alone(
    clinic: Clinic, sign_in: SignIn, database: Session
) -> None:
    stranger, _ = a_clinician(database, Role.DOCTOR, [a_location(database)])
    database.commit()

    assert sign_in(stranger).get(address(clinic, "/find")).status_code == 404
    assert sign_in(clinic.doctor).get(address(clinic, "/find")).status_code == 404
    an_appointment(database, clinic.patient, clinic.slots[0])
    database.commit()
    assert sign_in(clinic.doctor).get(address(clinic, "/find")).status_code == 200


def test_an_administrator_sees_no_patient(
    clinic: Clinic, sign_in: SignIn, database: Session
) -> None:
    administrator = sign_in(an_account(database, Role.ADMINISTRATOR))

    assert administrator.get(address(clinic, "/find")).status_code == 403
    assert administrator.get(f"/patients/{a_patient(database).ref}/appointments").status_code == 403
