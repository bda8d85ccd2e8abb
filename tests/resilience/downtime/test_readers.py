"""Who reads the clinics' lists while the database is away, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.models import SignInSession
from tests.resilience.downtime.clinics import Browsers, Ward, seen, who_was_here
from tests.resilience.line import Line


def test_a_nurse_reads_her_own_clinics_list_and_no_other(
    ward: Ward, browser_of: Browsers, line: Line
) -> None:
    browser = who_was_here(browser_of, ward.nurse)
    line.cut()

    status, page = seen(browser, ward.here)

    assert status == 200
    assert "Okafor, Amina" in page
    assert "07700 900123" in page
    assert "As of" in page
    assert seen(browser, ward.elsewhere)[0] == 404
    assert "Bone clinic" not in browser.get("/downtime").text


def test_reception_reads_all_of_them(ward: Ward, browser_of: Browsers, line: Line) -> None:
    browser = who_was_here(browser_of, ward.reception)
    line.cut()

    assert [seen(browser, one)[0] for one in (ward.here, ward.elsewhere)] == [200, 200]


def test_a_waiting_page_links_to_the_lists_for_those_who_may_read_them(
    ward: Ward, browser_of: Browsers, line: Line
) -> None:
    people = (ward.nurse, ward.patient, ward.administrator)
    nurse, patient, administrator = (who_was_here(browser_of, one) for one in people)
    line.cut()

    assert 'href="/downtime"' in nurse.get("/days").text
    assert "/downtime" not in patient.get("/people").text
    assert "/downtime" not in administrator.get("/administration/staff").text


@pytest.mark.parametrize("who", ["patient", "nobody"])
def test_nobody_else_gets_in(
    app: Flask, ward: Ward, browser_of: Browsers, line: Line, who: str
) -> None:
    browser = who_was_here(browser_of, ward.patient) if who == "patient" else app.test_client()
    line.cut()

    status, page = seen(browser, ward.here)

    assert status in {302, 403}
    assert "Amina" not in page


def test_a_proof_ends_with_the_idle_limit_however_often_it_is_used(
    ward: Ward, browser_of: Browsers, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = who_was_here(browser_of, ward.nurse)
    line.cut()
    began = datetime.now(UTC)
    statuses = []
    for minutes in (5, 10, 14, 16):
        at = began + timedelta(minutes=minutes)
        monkeypatch.setattr("portal.web.current.now", lambda at=at: at)
        statuses.append(seen(browser, ward.here)[0])

    assert statuses == [200, 200, 200, 302]


def test_a_session_that_was_ended_has_no_proof_once_the_database_has_said_so(
    ward: Ward, browser_of: Browsers, records: Session, line: Line
) -> None:
    browser = who_was_here(browser_of, ward.nurse)
    records.execute(update(SignInSession).values(ended_at=datetime.now(UTC)))
    records.commit()
    assert browser.get("/sign-ins").status_code == 302
    line.cut()

    assert seen(browser, ward.here)[0] == 302


def test_somebody_who_signs_out_can_no_longer_read_them(
    ward: Ward, browser_of: Browsers, line: Line
) -> None:
    browser = who_was_here(browser_of, ward.nurse)
    line.cut()

    assert browser.post("/sign-out").status_code in (200, 303)
    assert seen(browser, ward.here)[0] == 302
