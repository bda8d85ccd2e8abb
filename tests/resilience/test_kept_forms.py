"""Which forms are kept for somebody who was signed out, and where they open."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, KeptForm
from portal.web.waiting_pages import LONGEST_FORM
from tests.builders import an_account
from tests.resilience.forms import NEW, everybody_idles


class TestWhatIsKept:
    @pytest.fixture
    def account(self, records: Session) -> Account:
        account = an_account(records, Role.ADMINISTRATOR)
        records.commit()
        return account

    def late(self, browser: FlaskClient, records: Session, path: str, **fields: Any) -> str:
        everybody_idles(records)
        answer = browser.post(path, data={"submission": "0" * 32, **fields})
        assert answer.status_code == 302
        return answer.location or ""

    def kept(self, records: Session) -> int:
        records.rollback()
        return len(records.scalars(select(KeptForm.id)).all())

    def test_no_more_than_a_few_forms_of_one_account(
        self, browser_of: Callable[[Account], FlaskClient], account: Account, records: Session
    ) -> None:
        browser = browser_of(account)
        for _ in range(8):
            assert "/kept-forms/" in self.late(browser, records, NEW, name="North")

        assert self.kept(records) == 5

    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            ("/claim-record", {"code": "7KQF2M9XPD3T"}),
            ("/administration/staff/new", {"given": "North"}),
            (f"/patients/{'0' * 20}/merge/{'1' * 20}", {"reason": "Same passport"}),
            (NEW, {"name": "x" * LONGEST_FORM}),
            (NEW, {"submission": ""}),
        ],
    )
    def test_nothing_that_is_secret_too_long_or_without_a_key(
        self,
        browser_of: Callable[[Account], FlaskClient],
        account: Account,
        records: Session,
        path: str,
        fields: dict[str, str],
    ) -> None:
        location = self.late(browser_of(account), records, path, **fields)

        assert location == "/session-ended"
        assert self.kept(records) == 0

    def test_it_opens_in_the_browser_that_sent_it_and_in_no_other(
        self, browser_of: Callable[[Account], FlaskClient], account: Account, records: Session
    ) -> None:
        """Somebody who finds the cookie of an expired session can't leave a form for its owner."""
        found_elsewhere = browser_of(account)
        query = urlsplit(self.late(found_elsewhere, records, NEW, name="North")).query
        [address] = parse_qs(query)["next"]

        assert browser_of(account).get(address).status_code == 404

    def test_nothing_of_somebody_who_was_never_here(self, app: Flask, records: Session) -> None:
        assert self.late(app.test_client(), records, NEW, name="North") == "/sign-in"
        assert self.kept(records) == 0
