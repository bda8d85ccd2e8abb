"""Callum has an account. Reception gives him a code that links it to his record."""

from collections.abc import Callable

import pytest

from portal.development.cognito.people import CALLUM_FRASER, SIAN_DAVIES
from tests.stories.visit import Visit

SEARCH = "Name, date of birth, hospital number or phone number"
BORN = "Date of birth of the person whose record it is"
WRONG = "We can't find a record for this code and date of birth."


class TestANewPatientClaimsHisRecord:
    @pytest.fixture(autouse=True)
    def given_the_hospital_is_open(self, somebody: Callable[..., Visit]) -> None:
        self.callum, self.sian = somebody(), somebody()

    def test_with_the_code_of_reception_and_his_date_of_birth(self) -> None:
        self.given_callum_has_no_record_yet()
        self.when_reception_hands_out_a_code()
        self.and_he_mistakes_his_date_of_birth()
        self.and_he_types_it_right()
        self.then_he_is_at_home()
        self.and_the_code_is_used_up()

    def given_callum_has_no_record_yet(self) -> None:
        self.callum.signs_in(CALLUM_FRASER).is_at("Link your record")
        self.callum.presses("Enter a code").is_at("Enter your code")
        self.callum.presses("Link the record").is_told("Enter the code that reception gave you")
        self.callum.is_told("Enter the date of birth")

    def when_reception_hands_out_a_code(self) -> None:
        self.sian.signs_in(SIAN_DAVIES).follows("Patients").is_at("Patients")
        self.sian.types(SEARCH, "fraser callum").presses("Search")
        self.sian.follows("Fraser, Callum").is_at("Patient record")
        self.sian.follows("Hand out a code").is_at("Hand out a code")
        self.sian.ticks("The patient").presses("Make a code").is_at("Your code")
        self.code = self.sian.page.locator(".mch-code").inner_text()
        self.sian.page.reload()
        self.sian.is_at("This code was shown already").does_not_see(self.code)

    def and_he_mistakes_his_date_of_birth(self) -> None:
        self.callum.types("Code", self.code.lower()).types_date(BORN, 2, 6, 1979)
        self.callum.presses("Link the record").is_told(WRONG)

    def and_he_types_it_right(self) -> None:
        self.callum.types_date(BORN, 2, 6, 1997).presses("Link the record")

    def then_he_is_at_home(self) -> None:
        self.callum.is_at("Your appointments").sees("Callum Fraser", "Born 2 June 1997")

    def and_the_code_is_used_up(self) -> None:
        self.callum.follows("Link another record to your account").types("Code", self.code)
        self.callum.types_date(BORN, 2, 6, 1997).presses("Link the record").is_told(WRONG)
