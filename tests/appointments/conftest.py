"""A small clinic with free times, as seen by those who use it. Its clock stands at `NOW`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.access import Role
from portal.models import Account, Appointment, Location, Mode, Patient, Practitioner, Slot
from portal.web import current
from tests.hospital import (
    NOW,
    a_clinician,
    a_location,
    a_patient,
    a_slot,
    an_account,
    an_account_of,
    an_appointment,
)

SignIn = Callable[[Account], FlaskClient]
Arrange = Callable[..., Appointment]


@dataclass
class Clinic:
    """A doctor's morning tomorrow at 10:00, 10:20, 10:40 … and the people around it."""

    location: Location
    doctor: Account
    practitioner: Practitioner
    nurse: Account
    reception: Account
    patient: Patient
    account: Account
    slots: list[Slot]


def found_a_clinic(session: Session, slots: int = 4) -> Clinic:
    location = a_location(session)
    doctor, practitioner = a_clinician(session, Role.DOCTOR, [location])
    nurse, _ = a_clinician(session, Role.NURSE, [location])
    patient = a_patient(session)
    return Clinic(
        location=location,
        doctor=doctor,
        practitioner=practitioner,
        nurse=nurse,
        reception=an_account(session, Role.RECEPTION),
        patient=patient,
        account=an_account_of(session, patient),
        slots=[
            a_slot(
                session,
                practitioner,
                location,
                starts_at=NOW + timedelta(days=1, minutes=20 * number),
            )
            for number in range(slots)
        ],
    )


class Clock:
    """What the portal takes for the present."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(current, "now", clock)
    return clock


@pytest.fixture
def clinic(database: Session, clock: Clock) -> Clinic:
    clinic = found_a_clinic(database)
    database.commit()
    return clinic


@pytest.fixture
def patient(clinic: Clinic, sign_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    """The patient's own browser."""
    return sign_in(clinic.account)


@pytest.fixture
def arrange(database: Session, clinic: Clinic) -> Arrange:
    """Puts a patient on today's list, so many minutes from now."""

    def make(
        minutes: int,
        family: str = "Okafor",
        practitioner: object = None,
        location: object = None,
        mode: Mode = Mode.IN_PERSON,
        **facts: object,
    ) -> Appointment:
        slot = a_slot(
            database,
            practitioner or clinic.practitioner,
            location or clinic.location,
            starts_at=NOW + timedelta(minutes=minutes),
            mode=mode,
        )
        row = an_appointment(database, a_patient(database, family=family), slot, **facts)
        database.commit()
        return row

    return make


@pytest.fixture
def reception(clinic: Clinic, sign_in: SignIn) -> FlaskClient:
    return sign_in(clinic.reception)


def address(clinic: Clinic, rest: str = "") -> str:
    """Below the patient's appointments."""
    return f"/patients/{clinic.patient.ref}/appointments{rest}"


def offers(page: TestResponse) -> set[str]:
    """The references of the slots that the page lets somebody hold."""
    return set(re.findall(r'formaction="[^"]*/hold/([0-9a-f]{20})"', page.text))
