"""Staff read the clinics' lists while the database is away; who did is audited when it is back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.access import Deed, Role
from portal.downtime import lists, readings
from portal.downtime.box import Box
from portal.errors import NotFound
from portal.hospital import Hospital
from portal.models import Account, AuditEvent, Location, SignInSession
from portal.shared_files import Full, SharedFiles
from portal.signin.development_cognito.people import SIAN_DAVIES
from tests.accessibility import check_accessibility
from tests.chromium import PHONE, Visitor
from tests.hospital import (
    a_clinician,
    a_location,
    a_patient,
    a_slot,
    an_account,
    an_appointment,
)
from tests.plugins.signin import live_portal_over, sign_in_as
from tests.resilience.conftest import Hospitals
from tests.resilience.line import Line

Browsers = Callable[[Account], FlaskClient]
HOSPITAL = Hospital()


class Ward:
    """Two clinics with a patient each: Amina here, Tomasz elsewhere."""

    def __init__(self, records: Session, now: datetime) -> None:
        self.here, self.elsewhere = (
            a_location(records, name="Heart clinic"),
            a_location(records, name="Bone clinic"),
        )
        self.nurse, nurse = a_clinician(records, Role.NURSE, [self.here])
        _, stranger = a_clinician(records, Role.DOCTOR, [self.elsewhere])
        self.reception = an_account(records, Role.RECEPTION)
        self.patient = an_account(records, Role.PATIENT)
        self.administrator = an_account(records, Role.ADMINISTRATOR)
        for place, who, given in (
            (self.here, nurse, "Amina"),
            (self.elsewhere, stranger, "Tomasz"),
        ):
            begins = HOSPITAL.day(HOSPITAL.today(now))[0] + timedelta(hours=12)
            slot = a_slot(records, who, place, starts_at=begins)
            an_appointment(records, a_patient(records, given=given), slot)
        records.commit()


@pytest.fixture
def box(app: Flask, tmp_path: Path) -> Box:
    return Box(app.extensions["shared_files"], app.extensions["settings"].secret_key)


@pytest.fixture
def ward(records: Session, box: Box) -> Ward:
    """Its lists were written ten minutes ago."""
    now = datetime.now(UTC)
    for name in box.store.names(readings.FOLDER):
        box.store.discard(name)
    ward = Ward(records, now)
    lists.write(records, box, HOSPITAL, now - timedelta(minutes=10))
    records.rollback()
    return ward


def seen(browser: FlaskClient, clinic: Location) -> tuple[int, str]:
    answer = browser.get(f"/downtime/{clinic.ref}")
    return answer.status_code, answer.text


def who_was_here(browser_of: Browsers, account: Account) -> FlaskClient:
    browser = browser_of(account)
    assert browser.get("/sign-ins").status_code == 200
    return browser


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


def test_a_waiting_page_leads_there_who_may_read_them(
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


def test_whoever_asks_to_be_signed_out_reads_no_further(
    ward: Ward, browser_of: Browsers, line: Line
) -> None:
    browser = who_was_here(browser_of, ward.nurse)
    line.cut()

    assert browser.post("/sign-out").status_code == 503
    assert seen(browser, ward.here)[0] == 302


def test_a_reading_is_audited_exactly_once_when_the_database_is_back(
    ward: Ward, box: Box, browser_of: Browsers, own_server: Hospitals, records: Session, line: Line
) -> None:
    browser = who_was_here(browser_of, ward.nurse)
    line.cut()
    for _ in range(2):
        assert seen(browser, ward.here)[0] == 200
    names = box.store.names(readings.FOLDER)
    notes = {name: box.get(name) for name in names}
    sessions = sessionmaker(own_server.owner)

    for _ in range(2):
        readings.take_in(sessions, box, datetime.now(UTC))
    for name, value in notes.items():
        box.put(name, value)  # as after a crash between the commit and the end of the file
    readings.take_in(sessions, box, datetime.now(UTC))

    entries = records.scalars(
        select(AuditEvent).where(AuditEvent.deed == Deed.SEE_DOWNTIME_LIST.value)
    ).all()
    assert len(names) == len(entries) == 2
    assert {(one.actor_ref, one.entity) for one in entries} == {
        (ward.nurse.ref, f"Location/{ward.here.ref}")
    }
    assert all(one.detail and one.detail["read_at"] for one in entries)
    assert box.store.names(readings.FOLDER) == []


def test_a_note_that_nobody_can_open_is_told_and_holds_up_no_other(
    ward: Ward,
    box: Box,
    browser_of: Browsers,
    own_server: Hospitals,
    line: Line,
    caplog: pytest.LogCaptureFixture,
) -> None:
    browser = who_was_here(browser_of, ward.nurse)
    Box(box.store, "another secret, of before").put(f"{readings.FOLDER}/0", {})
    line.cut()
    assert seen(browser, ward.here)[0] == 200

    readings.take_in(sessionmaker(own_server.owner), box, datetime.now(UTC))

    assert "can't be opened" in caplog.text
    assert list(box.store.names(readings.FOLDER)) == [f"{readings.FOLDER}/0"]


def test_what_cannot_be_noted_is_not_shown(
    ward: Ward, browser_of: Browsers, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Full

    browser = who_was_here(browser_of, ward.nurse)
    line.cut()
    monkeypatch.setattr(SharedFiles, "put", full)

    status, page = seen(browser, ward.here)

    assert status == 503
    assert "Amina" not in page


def test_the_files_are_closed_to_whoever_has_the_mount(ward: Ward, box: Box) -> None:
    name = f"{lists.FOLDER}/{ward.here.ref}"
    sealed = box.store.get(name)
    assert b"Amina" not in sealed

    # One clinic's file in the place of another's, and a changed one.
    for forged in (box.store.get(f"{lists.FOLDER}/{ward.elsewhere.ref}"), sealed[:-1] + b"A"):
        box.store.put(name, forged)
        with pytest.raises(NotFound):
            box.get(name)


def test_a_clinic_that_closed_leaves_no_list(ward: Ward, box: Box, records: Session) -> None:
    records.execute(update(Location).where(Location.id == ward.here.id).values(active=False))
    records.commit()

    lists.write(records, box, HOSPITAL, datetime.now(UTC))

    assert box.store.names(lists.FOLDER) == [f"{lists.FOLDER}/{ward.elsewhere.ref}"]


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}, {"javascript": False}])
def test_in_a_browser(
    own_server: Hospitals,
    ward: Ward,
    line: Line,
    new_visitor: Callable[..., Visitor],
    options: dict[str, object],
) -> None:
    with live_portal_over(own_server.url(line.port), DATABASE_PATIENCE_SECONDS="1") as live:
        page = new_visitor(expected_statuses=frozenset({503}), **options).open_page()
        sign_in_as(page, SIAN_DAVIES, live.url)
        line.cut()
        page.goto(f"{live.url}/days")
        check_accessibility(page)
        page.get_by_role("link", name="See the clinics' lists").click()
        check_accessibility(page)
        page.get_by_role("link", name="Heart clinic").click()
        expect(page.get_by_text("Okafor, Amina")).to_be_visible()
        check_accessibility(page)
        live.app.extensions["shared_files"].close()
