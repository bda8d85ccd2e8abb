"""The clinic of `tests/builders/morning.py`, and its users' browsers. Its clock is fixed at `NOW`."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.models import Account, Appointment, Location, Practitioner
from portal.vocabulary import Mode
from portal.web import current
from tests.builders import NOW, a_patient, a_slot, an_appointment
from tests.builders.morning import Clinic, found_a_clinic

SignIn = Callable[[Account], FlaskClient]
Arrange = Callable[..., Appointment]


class Clock:
    """The portal's current time."""

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
        practitioner: Practitioner | None = None,
        location: Location | None = None,
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
    """The references of the slots that can be held on the page."""
    return set(re.findall(r'formaction="[^"]*/hold/([0-9a-f]{20})"', page.text))
