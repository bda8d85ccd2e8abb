"""The calendar entry, parsed as a calendar would."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Event, Timezone
from sqlalchemy.orm import Session

from portal.appointments.appointment_list.calendar import Publisher, calendar_of
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus, Mode
from tests.builders import an_appointment
from tests.builders.morning import Clinic

LONDON = Hospital()
ADDRESS = "https://portal.example/patients/1/appointments/2"
WINTER = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
ZONES = ["Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]


@dataclass(frozen=True)
class Row:
    """The columns for a calendar entry."""

    ref: str = "5f" * 10
    status: AppointmentStatus = AppointmentStatus.BOOKED
    mode: Mode = Mode.IN_PERSON
    sequence: int = 0
    updated_at: datetime = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    starts_at: datetime = WINTER
    ends_at: datetime = WINTER + timedelta(minutes=20)
    address: str = "2 Hospital Road, Level 3\nAnytown; AB1 2CD"
    reason: str = "Chest pain"
    cancel_reason: str = "Too unwell to come"
    location: str = "Heart clinic"
    given: str = "Grace"
    family: str = "Mensah"


def made(row: Row, hospital: Hospital = LONDON) -> bytes:
    publisher = Publisher(hospital, "MediCare Hub <appointments@hospital.example>")
    return calendar_of(row, publisher, address=ADDRESS)  # type: ignore[arg-type]


def event(row: Row, hospital: Hospital = LONDON) -> Event:
    (found,) = Calendar.from_ical(made(row, hospital)).walk("VEVENT")
    assert isinstance(found, Event)
    return found


def test_it_says_when_and_where() -> None:
    entry = event(Row())

    assert entry.start == WINTER
    assert entry.end == WINTER + timedelta(minutes=20)
    assert entry["SUMMARY"] == "In person appointment, MediCare Hub"
    assert entry["LOCATION"] == "2 Hospital Road, Level 3\nAnytown; AB1 2CD"
    assert entry["URL"] == ADDRESS
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["CLASS"] == "PRIVATE"


def test_the_hospital_publishes_it() -> None:
    """RFC 5546, section 3.2.1: METHOD:PUBLISH needs an ORGANIZER and forbids an ATTENDEE."""
    (calendar,) = Calendar.from_ical(made(Row())).walk("VCALENDAR")
    entry = event(Row())

    assert calendar["METHOD"] == "PUBLISH"
    assert entry["ORGANIZER"] == "mailto:appointments@hospital.example"
    assert entry["ORGANIZER"].params["CN"] == "MediCare Hub"
    assert "ATTENDEE" not in entry


def test_in_the_hour_that_comes_twice_each_time_is_the_right_one() -> None:
    """On the last night of summer time, 1am GMT is half an hour after 1:30am BST."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    text = made(replace(Row(), starts_at=first, ends_at=first + timedelta(minutes=30))).decode()

    # RFC 5545, section 3.3.5: a repeated local time means the first one, so the second is in UTC.
    assert "DTSTART;TZID=Europe/London:20261025T013000" in text
    assert "DTEND:20261025T010000Z" in text


def test_it_names_neither_the_reason_nor_the_practitioner() -> None:
    text = made(Row(status=AppointmentStatus.CANCELLED)).decode()

    for secret in ("Chest", "unwell", "Heart", "Grace", "Mensah", "VALARM"):
        assert secret not in text


def test_a_call_has_no_place() -> None:
    assert "LOCATION" not in event(Row(mode=Mode.PHONE))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "starts_at",
    [
        WINTER,
        datetime(2026, 7, 1, 9, 0, tzinfo=UTC),
        datetime(
            2026, 3, 29, 0, 50, tzinfo=UTC
        ),  # the clocks in Europe go forward ten minutes later
        datetime(2026, 10, 25, 0, 50, tzinfo=UTC),  # and back
        datetime(2026, 3, 8, 6, 50, tzinfo=UTC),  # the same in New York
        datetime(2026, 10, 3, 15, 50, tzinfo=UTC),  # and in Sydney
    ],
)
def test_the_instant_survives_any_change_of_the_clocks(zone: str, starts_at: datetime) -> None:
    row = Row(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=20))

    entry = event(row, Hospital(zone=ZoneInfo(zone)))

    assert entry["DTSTART"].params["TZID"] == zone
    assert [
        one.astimezone(UTC) for one in (entry.start, entry.end) if isinstance(one, datetime)
    ] == [
        starts_at,
        starts_at + timedelta(minutes=20),
    ]


def onsets(rules: Timezone) -> dict[datetime, timedelta]:
    """Each instant at which the rules, read by RFC 5545, change the offset, and the new offset."""
    found = {}
    for part in cast("list[Any]", rules.subcomponents):
        listed = [item.dt for item in part["RDATE"].dts] if "RDATE" in part else []
        for local in (part.DTSTART, *listed):
            found[(local - part.TZOFFSETFROM).replace(tzinfo=UTC)] = part.TZOFFSETTO
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_comes_with_its_own_rules(zone: str) -> None:
    (rules,) = Calendar.from_ical(made(Row(), Hospital(zone=ZoneInfo(zone)))).walk("VTIMEZONE")
    assert isinstance(rules, Timezone)

    assert rules["TZID"] == zone
    first, *changes = sorted(onsets(rules).items())
    assert first[0].year <= 2025
    for instant, offset in changes:
        before = (instant - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).utcoffset()
        assert (before, offset) != (offset, before)
        assert instant.astimezone(ZoneInfo(zone)).utcoffset() == offset


def test_a_change_replaces_what_the_calendar_has() -> None:
    first = event(Row())
    moved = event(replace(Row(), sequence=1, starts_at=WINTER + timedelta(days=1)))
    cancelled = event(replace(Row(), sequence=2, status=AppointmentStatus.CANCELLED))

    assert first["UID"] == moved["UID"] == cancelled["UID"]
    assert [entry["SEQUENCE"] for entry in (first, moved, cancelled)] == [0, 1, 2]
    assert cancelled["STATUS"] == "CANCELLED"


def test_the_patient_downloads_it(clinic: Clinic, patient: FlaskClient, database: Session) -> None:
    booked = an_appointment(database, clinic.patient, clinic.slots[0], reason="Chest pain")
    database.commit()

    page = f"/patients/{clinic.patient.ref}/appointments/{booked.ref}"
    answer = patient.get(f"{page}/calendar.ics")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    (entry,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert isinstance(entry, Event)
    assert entry.start == clinic.slots[0].starts_at
    assert entry["URL"] == f"http://127.0.0.1:8000{page}"
    assert str(entry["ORGANIZER"]).startswith("mailto:")
