"""Somebody leaves their desk: they are warned, and signed out when nobody answers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.development.cognito.people import SIAN_DAVIES
from portal.models import Account, SignInSession
from tests.stories.stage import Stage
from tests.stories.visit import Visit


class TestASessionEnds:
    @pytest.fixture(autouse=True)
    def given_sian_is_signed_in(self, stage: Stage, somebody: Callable[..., Visit]) -> None:
        self.stage = stage
        self.sian = somebody()
        self.sian.page.clock.install()
        self.sian.signs_in(SIAN_DAVIES).follows("Must be rebooked").is_at("Must be rebooked")

    def test_with_a_warning_before_it(self) -> None:
        self.when_nothing_is_done_for(minutes=13, seconds=30)
        self.then_she_is_warned()
        self.when_she_stays()
        self.when_nothing_is_done_for(minutes=15)
        self.then_she_is_signed_out_and_comes_back_to_the_same_page()

    def when_nothing_is_done_for(self, **times: int) -> None:
        """On the browser's clock, and in the database for the portal's."""
        passed = timedelta(**times)
        hers = select(Account.id).where(Account.subject == SIAN_DAVIES.sub).scalar_subquery()
        with Session(self.stage.database) as session:
            session.execute(
                update(SignInSession)
                .where(SignInSession.account_id == hers, SignInSession.ended_at.is_(None))
                .values(last_seen_at=datetime.now(UTC) - passed)
            )
            session.commit()
        self.sian.page.clock.fast_forward(int(passed.total_seconds() * 1000))

    def then_she_is_warned(self) -> None:
        self.dialog = self.sian.page.get_by_role("dialog", name="You will be signed out soon")
        expect(self.dialog).to_contain_text("2 minutes")
        self.sian.examines_again()

    def when_she_stays(self) -> None:
        self.sian.presses("Stay signed in")
        expect(self.dialog).to_be_hidden()

    def then_she_is_signed_out_and_comes_back_to_the_same_page(self) -> None:
        self.sian.is_at("You have been signed out").presses("Sign in again")
        self.sian.presses(f"Sign in as {SIAN_DAVIES.name}").is_at("Must be rebooked")
