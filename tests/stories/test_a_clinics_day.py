"""A clinic's day, as reception, a nurse and a doctor take patients through it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.development.cognito.people import (
    GRACE_MENSAH,
    PRIYA_RAMAN,
    SIAN_DAVIES,
    TOMASZ_ZIELINSKI,
)
from tests.stories.stage import Stage
from tests.stories.visit import Visit

HEART, CHILDREN = "Heart clinic", "Children's clinic"
MARGARET, SAMI = "Whitfield, Margaret", "Haddad, Sami"


class TestADoctorConsults:
    @pytest.fixture(autouse=True)
    def given_the_hospital_is_open(self, stage: Stage, somebody: Callable[..., Visit]) -> None:
        self.stage = stage
        self.tomasz = somebody()
        self.sian = somebody()

    def test_from_the_desk_to_the_end_of_the_consultation(self) -> None:
        self.given_reception_has_checked_sami_in()
        self.when_the_doctor_opens_his_list()
        self.and_calls_sami_in()
        self.and_finishes()
        self.then_sami_has_been_seen()
        self.and_the_doctor_finds_no_patient_of_another_clinic()

    def given_reception_has_checked_sami_in(self) -> None:
        self.sian.signs_in(SIAN_DAVIES).follows("Clinic day").is_at("Choose a clinic")
        self.sian.follows(CHILDREN).sees_beside(SAMI, "Booked", "Dr Tomasz Zieliński")
        self.sian.presses_beside(SAMI, "Check in").sees_beside(SAMI, "Arrived")
        self.sian.presses_beside(SAMI, "Undo check-in").sees_beside(SAMI, "Booked")
        self.sian.presses_beside(SAMI, "Check in").sees_beside(SAMI, "Arrived")

    def when_the_doctor_opens_his_list(self) -> None:
        self.tomasz.signs_in(TOMASZ_ZIELINSKI).sees(CHILDREN).sees_beside(SAMI, "Arrived")

    def and_calls_sami_in(self) -> None:
        self.tomasz.presses_beside(SAMI, "Start").sees_beside(SAMI, "In consultation")

    def and_finishes(self) -> None:
        self.tomasz.presses_beside(SAMI, "Finish").sees_beside(SAMI, "Seen")

    def then_sami_has_been_seen(self) -> None:
        self.tomasz.follows_beside(SAMI, SAMI).sees("Sami Haddad", "Seen")
        self.address_of_sami = self.tomasz.page.url.removeprefix(self.stage.url)

    def and_the_doctor_finds_no_patient_of_another_clinic(self) -> None:
        self.sian.opens("/days/clinics").follows(HEART).follows_beside(MARGARET, MARGARET)
        self.sian.sees("Margaret Whitfield")
        address = self.sian.page.url.removeprefix(self.stage.url)
        self.tomasz.opens(address).is_at("We can't find this page")
        self.tomasz.opens(self.address_of_sami).sees("Sami Haddad")


class TestANurseCallsIn:
    @pytest.fixture(autouse=True)
    def given_the_hospital_is_open(self, somebody: Callable[..., Visit]) -> None:
        self.grace = somebody()
        self.priya = somebody()

    def test_she_checks_in_and_starts_and_the_doctor_finishes(self) -> None:
        self.given_grace_is_at_the_heart_clinics_list()
        self.when_she_checks_margaret_in()
        self.and_calls_her_in()
        self.then_the_doctor_sees_it_and_finishes()

    def given_grace_is_at_the_heart_clinics_list(self) -> None:
        self.grace.signs_in(GRACE_MENSAH).opens("/days/clinics").is_at("Choose a clinic")
        expect(self.grace.page.get_by_role("link", name=CHILDREN)).to_have_count(0)
        self.grace.follows(HEART).sees_beside(MARGARET, "Booked")

    def when_she_checks_margaret_in(self) -> None:
        self.grace.presses_beside(MARGARET, "Check in").sees_beside(MARGARET, "Arrived")

    def and_calls_her_in(self) -> None:
        self.grace.presses_beside(MARGARET, "Start").sees_beside(MARGARET, "In consultation")

    def then_the_doctor_sees_it_and_finishes(self) -> None:
        self.priya.signs_in(PRIYA_RAMAN).sees(HEART).sees_beside(MARGARET, "In consultation")
        self.priya.presses_beside(MARGARET, "Finish").sees_beside(MARGARET, "Seen")
