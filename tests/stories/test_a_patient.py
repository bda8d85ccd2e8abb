"""Amina finds a time that suits her, books it, moves it and cancels it."""

from collections.abc import Callable
from email.message import EmailMessage

import icalendar
import pytest

from portal.development.cognito.people import AMINA_OKAFOR
from tests.stories.stage import Stage
from tests.stories.visit import Visit

HEART, PRIYA = "Heart clinic", "Dr Priya Raman"
SAID_TO_NOBODY = (HEART, "Raman", "Okafor", "Amina", "heart", "Cardiology", "palpitations")
"""What no email may tell."""


class TestAPatientBooksMovesAndCancels:
    @pytest.fixture(autouse=True)
    def given_the_hospital_is_open(self, stage: Stage, somebody: Callable[..., Visit]) -> None:
        self.stage = stage
        self.amina = somebody()

    def test_from_the_first_free_time_to_the_cancellation(self) -> None:
        self.given_amina_is_signed_in()
        self.when_she_looks_for_dr_raman_at_the_heart_clinic()
        self.and_a_time_is_kept_for_her_while_she_checks()
        self.and_books_it()
        self.then_the_hospital_writes("Appointment booked")
        self.and_her_calendar_takes_it()

        self.when_she_moves_it_to_a_video_call()
        self.then_the_hospital_writes("New time for an appointment")

        self.when_she_cancels_it()
        self.then_the_hospital_writes("Appointment cancelled")
        self.and_it_stands_among_her_appointments_as_cancelled()

    def given_amina_is_signed_in(self) -> None:
        self.amina.signs_in(AMINA_OKAFOR).is_at("Your appointments").sees("Amina Okafor", PRIYA)

    def when_she_looks_for_dr_raman_at_the_heart_clinic(self) -> None:
        self.amina.presses("Book an appointment").is_at("Find a time")
        self.amina.picks("Clinic", HEART).presses("Show times")
        self.amina.picks("Doctor or nurse", PRIYA).picks("Type of appointment", "In person")
        self.amina.presses("Show times").is_at("Find a time")

    def and_a_time_is_kept_for_her_while_she_checks(self) -> None:
        self.clock = self.amina.takes_time(PRIYA)
        self.amina.is_at("Check and book").sees("We are keeping this time for you", self.clock)

    def and_books_it(self) -> None:
        self.amina.types("What is it about? (optional)", "Palpitations when climbing stairs")
        self.amina.presses("Book this time").sees("The appointment has been booked.", "Booked")
        self.amina.sees(self.clock, PRIYA, HEART, "Palpitations when climbing stairs")
        self.address = self.amina.page.url

    def then_the_hospital_writes(self, subject: str) -> None:
        letter = self.stage.letter(AMINA_OKAFOR.email, subject)
        assert letter.is_multipart()
        for part in ("plain", "html"):
            self._tells_no_secret(letter, part)

    def _tells_no_secret(self, letter: EmailMessage, part: str) -> None:
        body = letter.get_body((part,))
        assert body is not None
        text = f"{letter['Subject']}\n{body.get_content()}"
        assert self.stage.url in text
        assert not [word for word in SAID_TO_NOBODY if word.lower() in text.lower()], text

    def and_her_calendar_takes_it(self) -> None:
        calendar = icalendar.Calendar.from_ical(self.amina.downloads("Add to your calendar"))
        [event] = calendar.walk("VEVENT")
        starts = event.decoded("DTSTART")
        assert f"{starts:%-I:%M%p}".lower().replace(":00", "") == self.clock.replace(
            "midday", "12pm"
        )
        assert starts.utcoffset() == self.stage.settings.hospital.zone.utcoffset(starts)
        assert event.decoded("DTEND") > starts
        assert event["URL"] == self.address
        assert not [word for word in SAID_TO_NOBODY if word in str(event)]

    def when_she_moves_it_to_a_video_call(self) -> None:
        self.amina.follows("Move to another time").is_at("Choose a new time")
        self.amina.sees("You keep this time until you have the new one.")
        self.amina.picks("Type of appointment", "Video call").presses("Show times")
        self.clock = self.amina.takes_time("Video call")
        self.amina.is_at("Check and move").presses("Move to this time")
        self.amina.sees("The appointment has been moved.", self.clock, "Video call")
        assert self.amina.page.url == self.address

    def when_she_cancels_it(self) -> None:
        self.amina.follows("Cancel this appointment").is_at("Cancel this appointment")
        self.amina.presses("Cancel the appointment").is_told("Choose why it is cancelled")
        self.amina.ticks("Can't come at that time").presses("Cancel the appointment")
        self.amina.sees("The appointment has been cancelled.", "Can't come at that time")
        self.amina.does_not_see("Move to another time")

    def and_it_stands_among_her_appointments_as_cancelled(self) -> None:
        self.amina.follows("All appointments").is_at("Appointments").sees("Cancelled")


class TestAPatientLooksAfterHerSignIns:
    @pytest.fixture(autouse=True)
    def given_the_hospital_is_open(self, somebody: Callable[..., Visit]) -> None:
        self.at_home, self.at_the_library = somebody(), somebody()

    def test_she_signs_out_everywhere(self) -> None:
        self.at_the_library.signs_in(AMINA_OKAFOR)
        self.at_home.signs_in(AMINA_OKAFOR).follows("Your sign-ins").is_at("Your sign-ins")
        self.at_home.sees("This browser", "Chrome on Linux").presses("Sign out everywhere")
        self.at_home.is_at("You have signed out")
        self.at_the_library.opens("/sign-ins").is_at("You have been signed out")
        self.at_the_library.presses("Sign in again").sees("Choose who you are")
