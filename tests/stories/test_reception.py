"""Siân at the desk: finding, registering, booking, merging, and letting others act."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.development.cognito.people import AMINA_OKAFOR, SIAN_DAVIES
from tests.stories.stage import Stage
from tests.stories.visit import Visit

SEARCH = "Name, date of birth, hospital number or phone number"
HEART, PRIYA = "Heart clinic", "Dr Priya Raman"


class AtTheDesk:
    @pytest.fixture(autouse=True)
    def given_sian_is_signed_in(self, stage: Stage, somebody: Callable[..., Visit]) -> None:
        self.stage, self.somebody = stage, somebody
        self.sian = somebody().signs_in(SIAN_DAVIES)

    def finds(self, words: str, name: str) -> None:
        self.sian.follows("Patients").is_at("Patients").types(SEARCH, words).presses("Search")
        self.sian.follows(name).is_at("Patient record")


class TestReceptionRegistersSomebody(AtTheDesk):
    def test_from_the_search_to_the_waiting_room(self) -> None:
        self.when_a_name_is_typed_in_haste()
        self.and_a_new_patient_looks_like_a_known_one()
        self.and_turns_out_to_be_somebody_else()
        self.then_she_is_found_by_any_of_her_facts()
        self.when_she_is_squeezed_into_todays_clinic()
        self.then_she_is_checked_in()
        self.and_the_list_can_be_printed()

    def when_a_name_is_typed_in_haste(self) -> None:
        self.finds("OKÁFOR  am", "Okafor, Amina")

    def and_a_new_patient_looks_like_a_known_one(self) -> None:
        self.sian.follows("Patients").presses("Register a new patient").is_at("Register a patient")
        self.sian.presses("Register").is_told("Enter the family name")
        self.sian.types("First names (optional)", "Amína").types("Family name", "Okáfor")
        self.sian.types_date("Date of birth", 27, 3, 1984).ticks("Female")
        self.sian.types("Phone number (optional)", "07700 900971").presses("Register")
        self.sian.is_at("Is it one of these?").sees("Nothing is saved yet.", "Amina Okafor")

    def and_turns_out_to_be_somebody_else(self) -> None:
        self.sian.presses("Change what you typed").is_at("Register a patient")
        self.sian.types("First names (optional)", "Żaneta").types("Family name", "Wójcik-Nowak")
        self.sian.types_date("Date of birth", 31, 12, 1969).types("Name (optional)", "Jan Wójcik")
        self.sian.presses("Register").is_told("Enter the phone number of the emergency contact")
        self.sian.types("Their phone number", "01632 960977").presses("Register")
        self.sian.is_at("Patient record").sees("The patient is registered.", "Żaneta Wójcik-Nowak")

    def then_she_is_found_by_any_of_her_facts(self) -> None:
        for words in ("zaneta 31/12/1969", "900971", "nowak wojcik"):
            self.finds(words, "Wójcik-Nowak, Żaneta")

    def when_she_is_squeezed_into_todays_clinic(self) -> None:
        self.sian.presses("Book an appointment").is_at("Find a time").picks("Clinic", HEART)
        self.sian.types("Only on this day", self.stage.today.isoformat()).presses("Show times")
        self.sian.follows_beside(f"{PRIYA}, In person", "Overbook").is_at("Overbook a time")
        self.sian.presses("Overbook this time")
        self.sian.is_told("Enter a reason for overbooking")
        self.sian.types("Reason for overbooking", "Asked for by Dr Raman")
        self.sian.presses("Overbook this time").sees(
            "The appointment has been booked. Another patient has the same time."
        )

    def then_she_is_checked_in(self) -> None:
        zaneta = "Wójcik-Nowak, Żaneta"
        self.sian.follows("Clinic day").follows(HEART)
        self.sian.sees_beside(zaneta, "Booked", "Overbooked: Asked for by Dr Raman")
        self.sian.presses_beside(zaneta, "Check in").sees_beside(zaneta, "Arrived")

    def and_the_list_can_be_printed(self) -> None:
        self.sian.follows("Print view").sees("Wójcik-Nowak, Żaneta", "As of")
        self.sian.page.emulate_media(media="print")
        expect(self.sian.page.get_by_role("link", name="Back to the list")).to_be_hidden()
        expect(self.sian.page.get_by_role("table")).to_contain_text("Arrived")


class TestReceptionMergesTwoRecords(AtTheDesk):
    def test_and_takes_the_merge_back(self) -> None:
        self.given_margaret_was_registered_twice()
        self.when_the_two_are_merged()
        self.then_one_is_left()
        self.when_the_merge_is_taken_back()
        self.then_there_are_two_again()

    def given_margaret_was_registered_twice(self) -> None:
        self.finds("whitfield 30/1/1948", "Whitfield, Margaret")

    def when_the_two_are_merged(self) -> None:
        self.sian.follows("Merge with another record").is_at("Merge with another record")
        self.sian.types(SEARCH, "maggie whitfield").presses("Search").follows("Whitfield, Maggie")
        self.sian.is_at("Are these the same person?").presses("Merge the two records")
        self.sian.is_told("Enter how you know that both records are one person's")
        expect(self.sian.page.get_by_role("radio", name="Margaret Whitfield")).to_be_checked()
        self.sian.types("How do you know that it is one person?", "She told us herself")
        self.sian.presses("Merge the two records").sees("The two records have been merged.")

    def then_one_is_left(self) -> None:
        self.sian.follows("Patients").types(SEARCH, "whitfield 30/1/1948").presses("Search")
        self.sian.sees("1 patient").does_not_see("Whitfield, Maggie")

    def when_the_merge_is_taken_back(self) -> None:
        self.sian.follows("Whitfield, Margaret").follows("Merge with another record")
        self.sian.follows("Records merged into this one before").is_at("Merged records")
        self.sian.follows("Undo this merge").is_at("Undo the merge")
        self.sian.presses("Undo the merge").is_at("Merged records").sees("undone on")

    def then_there_are_two_again(self) -> None:
        self.sian.follows("Patients").types(SEARCH, "whitfield 30/1/1948").presses("Search")
        self.sian.sees("2 patients", "Whitfield, Maggie", "Whitfield, Margaret")


class TestReceptionLetsSomebodyAct(AtTheDesk):
    def test_and_ends_it(self) -> None:
        self.when_amina_is_given_access_to_sami()
        self.then_she_acts_for_him()
        self.when_the_access_is_ended()
        self.then_she_acts_for_herself_alone()

    def when_amina_is_given_access_to_sami(self) -> None:
        self.finds("haddad sami", "Haddad, Sami")
        self.sian.follows("Who has access").is_at("Who has access").sees("Leila Haddad", "Parent")
        self.sian.presses("Give somebody access").is_at("Give somebody access")
        account = "Email address of their account, or their own hospital number"
        self.sian.types(account, AMINA_OKAFOR.email).presses("Find the account")
        self.sian.is_at("Check and give access").sees("Amina Okafor").ticks("Guardian")
        self.sian.presses("Give access").sees("They can act for the patient from now on.")

    def then_she_acts_for_him(self) -> None:
        self.amina = self.somebody().signs_in(AMINA_OKAFOR).is_at("Who is it for today?")
        self.amina.follows("Sami Haddad").is_at("Appointments for Sami", title="Appointments")
        self.address = self.amina.page.url.removeprefix(self.stage.url)

    def when_the_access_is_ended(self) -> None:
        self.sian.follows_beside("Amina Okafor", "End this access").is_at("End this access")
        self.sian.presses("End the access").is_at("Who has access").sees("The access has ended.")

    def then_she_acts_for_herself_alone(self) -> None:
        self.amina.opens(self.address).is_at("We can't find this page")
        self.amina.follows("Home").is_at("Your appointments")
