"""Sign-ins are counted: the good ones, and the others by why they failed."""

import ast
import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import ROOT
from portal.models import Account
from portal.signin.provider import refusals
from portal.telemetry.measures import SIGN_IN, SIGN_IN_FAILED
from tests.builders import NOW
from tests.embedded_metrics import measured_in
from tests.signin.portal_flow import Visit, portal_with
from tests.signin.standard_provider import StandardProvider


@pytest.fixture(autouse=True)
def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def reasons(log: pytest.LogCaptureFixture) -> list[str]:
    return [line["Reason"] for line in measured_in(log, SIGN_IN_FAILED)]


def test_a_good_one_counts_once(
    portal: Flask, database: Session, caplog: pytest.LogCaptureFixture
) -> None:
    Visit.to(portal).sign_in()

    assert measured_in(caplog, SIGN_IN) == [{"SignIns": 1}]
    assert reasons(caplog) == []


def test_a_failed_one_counts_by_its_reason(
    portal: Flask, visit: Visit, database: Session, caplog: pytest.LogCaptureFixture
) -> None:
    Visit.to(portal).sign_in()
    database.execute(update(Account).values(disabled_at=NOW))
    database.commit()
    visit.sign_in()
    visit.browser.get("/sign-in/callback?code=stolen&state=forged")

    assert reasons(caplog) == ["account disabled", "started elsewhere"]
    assert len(measured_in(caplog, SIGN_IN)) == 1


def test_too_many_attempts_count(
    standard: StandardProvider,
    database_url: str,
    database: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with portal_with(standard, database_url, SIGN_INS_PER_ADDRESS="1") as portal:
        for _ in range(2):
            portal.test_client().get("/sign-in/start")

    assert reasons(caplog) == ["too many attempts"]


def messages_given(path: Path) -> set[str]:
    """The constants that are handed to `SignInRefused` as its message."""
    return {
        call.args[1].id
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "SignInRefused"
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Name)
    }


def test_every_refusal_has_a_reason_to_count_by() -> None:
    given = {"NOT_TRUSTED", "AWAY"}
    for path in (ROOT / "portal" / "signin").rglob("*.py"):
        given |= messages_given(path)

    assert {getattr(refusals, name) for name in given} == refusals.REASONS.keys()
