"""The day list on paper: whole, from the first sheet on, its heading on every sheet."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from portal.vocabulary import AppointmentStatus, Mode
from tests.appointments.conftest import SignIn
from tests.builders import NOW, a_patient, a_slot, an_appointment
from tests.builders.morning import Clinic
from tests.printing import printed

ROWS = 60
MARGIN = 42
"""Points: 15 mm."""


@pytest.fixture
def full_day(clinic: Clinic, database: Session) -> None:
    """Many patients, each with a reason of several lines that ends in a word that no other has."""
    for number in range(ROWS):
        patient = a_patient(
            database,
            family=f"Featherstonehaugh-Cholmondeley{number:02}",
            given="Bartholomew Maximilian",
            birth_date=date(1984, 9, 27),
        )
        slot = a_slot(
            database,
            clinic.practitioner,
            clinic.location,
            starts_at=NOW + timedelta(minutes=number),
            mode=Mode.VIDEO,
        )
        reason = f"{'A cough that does not go away. ' * 6}Last{number:02}."
        an_appointment(database, patient, slot, reason=reason, status=AppointmentStatus.NOSHOW)
    database.commit()


@pytest.mark.parametrize("rest", ["/print", ""])
@pytest.mark.usefixtures("full_day")
def test_the_day_is_whole_on_paper(
    browser: Browser, clinic: Clinic, sign_in: SignIn, rest: str
) -> None:
    nurse = sign_in(clinic.nurse)

    sheets = printed(browser, nurse, f"/clinics/{clinic.location.ref}/day{rest}")

    assert len(sheets) > 2
    assert "Cholmondeley00" in sheets[0].text, "the list begins on the first sheet"
    for sheet in sheets:
        for heading in ("Time", "Patient", "With", "Status"):
            assert f" {heading} " in f" {sheet.text} ", "the heading is on every sheet"
        assert sheet.left >= MARGIN - 1
        assert sheet.right <= sheet.width - MARGIN + 1, "nothing is cut off"
        assert sheet.text.count("Did not come") >= 1
    for number in range(ROWS):
        begins = [n for n, sheet in enumerate(sheets) if f"Cholmondeley{number:02}" in sheet.text]
        ends = [n for n, sheet in enumerate(sheets) if f"Last{number:02}." in sheet.text]
        assert len(begins) == 1
        assert begins == ends, "a row is whole"
