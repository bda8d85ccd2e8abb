"""Leila books for her son, and sees on every page that it is for him."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.development.cognito.people import LEILA_HADDAD
from tests.stories.stage import Stage
from tests.stories.visit import Visit

CHILDREN = "Children's clinic"


class TestAMotherBooksForHerChild:
    @pytest.fixture(autouse=True)
    def given_the_hospital_is_open(self, stage: Stage, somebody: Callable[..., Visit]) -> None:
        self.stage = stage
        self.leila = somebody()

    def test_she_acts_for_sami_and_then_for_herself(self) -> None:
        self.given_leila_is_asked_for_whom_she_comes()
        self.when_she_chooses_her_son()
        self.and_books_for_him()
        self.then_the_hospital_writes_to_her_without_his_name()
        self.and_she_can_turn_to_her_own_appointments()

    def given_leila_is_asked_for_whom_she_comes(self) -> None:
        self.leila.signs_in(LEILA_HADDAD).is_at("Who is it for today?")
        self.leila.sees("Yourself", "Sami Haddad", "You are their parent.")

    def when_she_chooses_her_son(self) -> None:
        self.leila.follows("Sami Haddad")
        self.leila.is_at("Appointments for Sami", title="Appointments")
        self.then_she_acts_for_sami()

    def and_books_for_him(self) -> None:
        self.leila.presses("Book an appointment").is_at("Find a time")
        self.then_she_acts_for_sami()
        self.leila.picks("Clinic", CHILDREN).presses("Show times")
        clock = self.leila.takes_time("In person")
        self.leila.is_at("Check and book").sees(clock, CHILDREN)
        self.then_she_acts_for_sami()
        self.leila.presses("Book this time").sees("The appointment has been booked.", CHILDREN)
        self.then_she_acts_for_sami()

    def then_she_acts_for_sami(self) -> None:
        banner = self.leila.page.get_by_role("region", name="You are acting for")
        expect(banner).to_be_visible()
        expect(banner).to_contain_text("Sami Haddad")

    def then_the_hospital_writes_to_her_without_his_name(self) -> None:
        letter = self.stage.letter(LEILA_HADDAD.email, "Appointment booked")
        body = letter.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert "somebody you act for" in text
        assert "Sami" not in text
        assert "Children" not in text

    def and_she_can_turn_to_her_own_appointments(self) -> None:
        self.leila.follows("Change person").is_at("Who is it for today?")
        self.leila.follows("Yourself").is_at("Your appointments")
        self.leila.does_not_see("You are acting for", "Sami Haddad")
