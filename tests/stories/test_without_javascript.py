"""Without JavaScript, a patient books, moves and cancels, and the clinic sees a patient."""

from collections.abc import Callable

import pytest

from portal.development.cognito.people import AMINA_OKAFOR, PRIYA_RAMAN, SIAN_DAVIES
from tests.stories.stage import Stage
from tests.stories.visit import Visit

SEARCH = "Name, date of birth, hospital number or phone number"
HEART, PRIYA, CALLUM = "Heart clinic", "Dr Priya Raman", "Fraser, Callum"


class TestTheMainJobWithoutJavaScript:
    @pytest.fixture(autouse=True)
    def given_no_script_runs(self, stage: Stage, somebody: Callable[..., Visit]) -> None:
        self.stage = stage
        self.amina, self.sian, self.priya = (somebody(javascript=False) for _ in range(3))

    def test_a_patient_books_moves_and_cancels(self) -> None:
        self.amina.signs_in(AMINA_OKAFOR).presses("Book an appointment").is_at("Find a time")
        self.amina.picks("Clinic", HEART).picks("Type of appointment", "Phone call")
        self.amina.presses("Show times").takes_time("Phone call")
        self.amina.is_at("Check and book").sees("We are keeping this time for you")
        self.amina.presses("Book this time").sees("The appointment has been booked.", "Phone call")

        self.amina.follows("Move to another time").picks("Type of appointment", "Video call")
        self.amina.presses("Show times").takes_time("Video call")
        self.amina.presses("Move to this time").sees(
            "The appointment has been moved.", "Video call"
        )

        self.amina.follows("Cancel this appointment").ticks("Another reason")
        self.amina.presses("Cancel the appointment").is_told("Enter the other reason")
        self.amina.types("The other reason", "I feel well again")
        self.amina.presses("Cancel the appointment").sees("The appointment has been cancelled.")
        self.amina.sees("I feel well again").presses("Sign out").is_at("You have signed out")

    def test_the_clinic_takes_somebody_in_and_sees_him(self) -> None:
        self.sian.signs_in(SIAN_DAVIES).types(SEARCH, "fraser").presses("Search").follows(CALLUM)
        self.sian.presses("Book an appointment").picks("Clinic", HEART)
        self.sian.types("Only on this day", self.stage.today.isoformat()).presses("Show times")
        self.sian.follows_beside(f"{PRIYA}, In person", "Overbook")
        self.sian.types("Reason for overbooking", "Sent by his family doctor")
        self.sian.presses("Overbook this time").sees(
            "The appointment has been booked. Another patient has the same time."
        )
        self.sian.follows("Clinic day").follows(HEART)
        self.sian.presses_beside(CALLUM, "Check in").sees_beside(CALLUM, "Arrived")

        self.priya.signs_in(PRIYA_RAMAN).presses_beside(CALLUM, "Start")
        self.priya.presses_beside(CALLUM, "Finish").sees_beside(CALLUM, "Seen")
