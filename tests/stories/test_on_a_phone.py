"""A patient and a doctor with a phone in the hand, 320 pixels wide."""

from collections.abc import Callable

import pytest

from portal.development.cognito.people import AMINA_OKAFOR, LEILA_HADDAD, PRIYA_RAMAN, SIAN_DAVIES
from tests.chromium import PHONE
from tests.stories.visit import Visit

SEARCH = "Name, date of birth, hospital number or phone number"


class TestOnAPhone:
    """Each page is examined for scrolling sideways too."""

    @pytest.fixture(autouse=True)
    def given_a_phone(self, somebody: Callable[..., Visit]) -> None:
        self.visit = somebody(viewport=PHONE)

    def test_a_patient_looks_round_and_books(self) -> None:
        self.visit.signs_in(AMINA_OKAFOR).is_at("Your appointments")
        for door in ("All appointments", "Past visits", "Contact details", "Who has access"):
            self.visit.follows(door).examines().page.go_back()
        self.visit.presses("Book an appointment").picks("Type of appointment", "In person")
        self.visit.presses("Show times").takes_time("In person")
        self.visit.is_at("Check and book").presses("Book this time")
        self.visit.follows("Cancel this appointment").ticks("No longer needed")
        self.visit.presses("Cancel the appointment").sees("The appointment has been cancelled.")

    def test_a_mother_always_sees_which_patient_she_acts_for(self) -> None:
        self.visit.signs_in(LEILA_HADDAD).follows("Sami Haddad").presses("Book an appointment")
        self.visit.page.mouse.wheel(0, 2000)
        banner = self.visit.page.get_by_role("region", name="You are acting for").bounding_box()
        assert banner is not None
        assert 0 <= banner["y"] < PHONE["height"] / 4

    def test_a_doctor_reads_the_days_list(self) -> None:
        self.visit.signs_in(PRIYA_RAMAN).sees("Heart clinic", "In consultation")
        self.visit.follows("Day after").examines().follows("Print view").examines()

    def test_reception_searches(self) -> None:
        self.visit.signs_in(SIAN_DAVIES).types(SEARCH, "okafor").presses("Search")
        self.visit.follows("Okafor, Amina").is_at("Patient record")
