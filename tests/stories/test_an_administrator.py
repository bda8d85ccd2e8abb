"""Wei-Ling opens a clinic, takes a day out of it, adds a colleague, and sends a notice again."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.development.cognito import one_time_codes
from portal.development.cognito.people import AMINA_OKAFOR, SIAN_DAVIES, WEI_LING_CHEN
from tests.notices.mail_server import TAKEN
from tests.stories.stage import Stage
from tests.stories.visit import Visit

SLEEP, INES = "Sleep clinic", "Dr Inês Castro"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class InTheOffice:
    @pytest.fixture(autouse=True)
    def given_wei_ling_is_signed_in(self, stage: Stage, somebody: Callable[..., Visit]) -> None:
        self.stage, self.somebody = stage, somebody
        self.wei_ling = somebody().signs_in(WEI_LING_CHEN).is_at("Staff")


class TestAnAdministratorOpensAClinic(InTheOffice):
    def test_from_its_hours_to_who_must_be_rebooked(self) -> None:
        self.when_she_adds_a_clinic_with_its_hours()
        self.and_somebody_who_works_there()
        self.and_their_weekly_session()
        self.then_a_patient_books_there()
        self.when_the_doctor_goes_on_leave()
        self.then_reception_sees_who_must_be_rebooked()
        self.and_moves_her_to_a_time_that_stays()

    def when_she_adds_a_clinic_with_its_hours(self) -> None:
        self.wei_ling.follows("Clinics").is_at("Clinics").presses("Add a clinic")
        self.wei_ling.is_at("Add a clinic").presses("Add the clinic")
        self.wei_ling.is_told("Enter the clinic's name")
        self.wei_ling.types("Name", SLEEP).types("Phone number (optional)", "01632 960288")
        for day in WEEK:
            self.wei_ling.types(day, "8am to 6pm")
        self.wei_ling.presses("Add the clinic").is_at("Clinics")
        self.wei_ling.sees_beside(SLEEP, "Monday to Sunday: 8am to 6pm")

    def and_somebody_who_works_there(self) -> None:
        self.wei_ling.follows("Practitioners").is_at("Practitioners")
        self.wei_ling.presses("Add a practitioner").is_at("Add a practitioner")
        self.wei_ling.types("Title (optional)", "Dr").types("First name", "Inês")
        self.wei_ling.types("Family name", "Castro").ticks(SLEEP).presses("Add the practitioner")
        self.wei_ling.sees(INES)

    def and_their_weekly_session(self) -> None:
        self.wei_ling.presses("Add a weekly session")
        for day in WEEK:
            self.wei_ling.ticks(day)
        self.wei_ling.picks("Clinic", SLEEP).types("Starts at", "9am").types("Ends at", "12:00")
        self.wei_ling.types("Minutes for one appointment", "30").ticks("In person")
        today = self.stage.today
        self.wei_ling.types_date("First day", today.day, today.month, today.year)
        self.wei_ling.presses("Add the session").sees("9am to midday", SLEEP)

    def then_a_patient_books_there(self) -> None:
        self.amina = self.somebody().signs_in(AMINA_OKAFOR).presses("Book an appointment")
        self.amina.picks("Clinic", SLEEP).presses("Show times")
        self.amina.takes_time(INES)
        self.amina.is_at("Check and book").presses("Book this time").sees("booked", INES)

    def when_the_doctor_goes_on_leave(self) -> None:
        first, last = self.stage.today, self.stage.today + timedelta(days=7)
        self.wei_ling.follows("Days off").presses("Add leave").is_at("Add leave")
        self.wei_ling.picks("Practitioner", INES).types("Reason", "Annual leave")
        self.wei_ling.types_date("First day", first.day, first.month, first.year)
        self.wei_ling.types_date("Last day", last.day, last.month, last.year).presses("Add leave")
        self.wei_ling.sees("1 booked appointment must be rebooked", "Nothing has been changed yet.")
        self.wei_ling.presses("Confirm and add leave").sees_beside(INES, "Leave")

    def then_reception_sees_who_must_be_rebooked(self) -> None:
        self.sian = self.somebody().signs_in(SIAN_DAVIES).follows("Must be rebooked")
        self.sian.is_at("Must be rebooked").sees_beside(INES, "Okafor, Amina", "phone 07700 900101")
        self.amina.page.reload()
        self.amina.sees("This appointment needs a new time")

    def and_moves_her_to_a_time_that_stays(self) -> None:
        self.sian.follows_beside(INES, "Move").is_at("Choose a new time")
        self.sian.picks("Type of appointment", "Any type").presses("Show times").takes_time(INES)
        self.sian.is_at("Check and move").presses("Move to this time")
        self.sian.sees("The appointment has been moved.").follows("Must be rebooked")
        self.sian.does_not_see(INES)


class TestAnAdministratorAddsAColleague(InTheOffice):
    def test_who_then_signs_in(self) -> None:
        self.wei_ling.presses("Add a member of staff").is_at("Add a member of staff")
        self.wei_ling.types("First name", "Nadia").types("Family name", "Karim")
        self.wei_ling.types("Email address at work", "nadia.karim").ticks("Reception")
        self.wei_ling.presses("Add and invite").is_told("Enter an email address, such as")
        self.wei_ling.types("Email address at work", "nadia.karim@example.org")
        self.wei_ling.presses("Add and invite").is_at("Nadia Karim")
        self.wei_ling.sees(
            "Nadia Karim has been invited by email to choose a password.", "Reception"
        )

        nadia = self.somebody().opens("/").presses("Sign in").presses("Sign in as Nadia Karim")
        nadia.is_at("Set up your second step").presses("Sign in and set it up")
        self.sets_up_her_app(nadia.presses("Sign in as Nadia Karim").is_at("Set up your app"))
        nadia.is_at("Patients").presses("Register a new patient").is_at("Register a patient")

        self.wei_ling.presses("Disable the account").sees("The account has been disabled")
        nadia.opens("/").is_at("You have been signed out")

    def sets_up_her_app(self, nadia: Visit) -> None:
        key = "".join((nadia.page.locator(".mch-key").text_content() or "").split())
        nadia.types("Code from the app", one_time_codes.code_at(key, time.time()))
        nadia.presses("Turn on the second step")


class TestAnAdministratorSendsANoticeAgain(InTheOffice):
    def test_when_the_mailbox_takes_letters_again(self) -> None:
        self.given_a_letter_that_was_refused()
        self.when_she_sends_it_again()
        self.then_it_arrives()

    def given_a_letter_that_was_refused(self) -> None:
        self.stage.mail.messages.clear()
        self.stage.mail.rcpt_answer = "550 no such mailbox"
        amina = self.somebody().signs_in(AMINA_OKAFOR).presses("Book an appointment")
        amina.picks("Type of appointment", "Video call").presses("Show times").takes_time(
            "Video call"
        )
        amina.presses("Book this time").sees("The appointment has been booked.")
        self.wei_ling.follows("Notices").is_at("Notices")
        self.wei_ling.waits_for("The recipient's email address is not accepted.")
        self.stage.mail.rcpt_answer = TAKEN

    def when_she_sends_it_again(self) -> None:
        self.wei_ling.examines()
        self.wei_ling.page.get_by_role("button", name=re.compile("^Send all")).click()
        self.wei_ling.sees("sent again", "No notice has failed.")

    def then_it_arrives(self) -> None:
        assert self.stage.letter(AMINA_OKAFOR.email, "Appointment booked")
        self.wei_ling.follows("Waiting").follows("Sent").is_at("Notices")
        expect(self.wei_ling.row("Booked")).to_be_visible()
