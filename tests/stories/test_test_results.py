"""A doctor enters a result, the patient reads it and how it changed; what is held is not there."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.development.cognito.people import AMINA_OKAFOR, LEILA_HADDAD, PRIYA_RAMAN
from portal.development.demonstration.record import add_records
from portal.models import ObservationPanel
from tests.chromium import PHONE
from tests.stories.stage import Stage
from tests.stories.visit import Visit

SEARCH = "Name, date of birth, hospital number or phone number"


@pytest.fixture(scope="module", autouse=True)
def records(stage: Stage) -> None:
    """The named patients' records, as the demonstration has them."""
    with Session(stage.database) as session:
        if session.scalars(select(ObservationPanel.id).limit(1)).first() is None:
            add_records(session, stage.settings.hospital, datetime.now(UTC))
            session.commit()


class TestResultsOfTheLaboratory:
    @pytest.fixture(autouse=True)
    def given_the_hospital_is_open(self, somebody: Callable[..., Visit]) -> None:
        self.somebody = somebody

    @pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desk", "phone"])
    def test_a_patient_reads_a_result_and_how_it_changed(self, options: dict[str, object]) -> None:
        amina = self.somebody(**options).signs_in(AMINA_OKAFOR)
        amina.follows("Test results").is_at("Test results")
        amina.sees("112 g/L", "The laboratory suggests testing ferritin.")
        amina.page.get_by_role("link", name="Total cholesterol over time").first.click()
        amina.is_at("Total cholesterol over time")
        amina.sees("first 6.4, last 4.9, lowest 4.9, highest 6.4 mmol/L")
        amina.page.get_by_text("All 4 values of Total cholesterol").click()
        amina.examines_again().sees("Total cholesterol (mmol/L)")

    def test_a_mother_does_not_see_what_is_held(self) -> None:
        leila = self.somebody().signs_in(LEILA_HADDAD)
        leila.follows("Sami Haddad").follows("Test results").is_at("Test results")
        leila.sees("None are recorded.").does_not_see("121 g/L", "Blood count")
        leila.follows("Choose when they are shown").is_at("When results are shown")

    def test_a_doctor_enters_results_and_confirms_an_unusual_one(self) -> None:
        priya = self.somebody().signs_in(PRIYA_RAMAN)
        priya.follows("Patients").types(SEARCH, "okafor amina").presses("Search")
        priya.follows("Okafor, Amina").presses("Test results").presses("Enter results")
        priya.is_at("Which results do you have?").follows("Kidneys, salts and glucose")
        today = priya.stage.today
        priya.types_date("Day of the sample", today.day, today.month, today.year)
        priya.types("Time of the sample", "0:01").types("Potassium", "6,9").presses("Save")
        priya.is_told("Write the number with a point, such as 4.1")
        priya.types("Potassium", "6.90").presses("Save").sees("Potassium 6.90 mmol/L is unusual.")
        priya.presses("Save").is_at("Test results").sees("6.90 mmol/L", "high")
