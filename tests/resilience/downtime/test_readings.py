"""Who read a list is in the audit trail when the database is back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session, sessionmaker

from portal.access import Deed
from portal.downtime import readings
from portal.downtime.box import Box
from portal.shared_files import Full, SharedFiles
from tests.builders import audited, contexts_for
from tests.resilience.conftest import Hospitals
from tests.resilience.downtime.clinics import HOSPITAL, Browsers, Ward, seen, who_was_here
from tests.resilience.line import Line


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
        readings.take_in(contexts_for(sessions, datetime.now(UTC), HOSPITAL), box)
    for name, value in notes.items():
        box.put(name, value)  # as after a crash between the commit and the end of the file
    readings.take_in(contexts_for(sessions, datetime.now(UTC), HOSPITAL), box)

    entries = audited(records, Deed.SEE_DOWNTIME_LIST.value)
    assert len(names) == len(entries) == 2
    assert {(one.actor_ref, one.entity) for one in entries} == {
        (ward.nurse.ref, f"Location/{ward.here.ref}")
    }
    assert all(one.detail and one.detail["read_at"] for one in entries)
    assert box.store.names(readings.FOLDER) == []


def test_a_note_that_cannot_be_opened_is_logged_and_does_not_delay_the_others(
    ward: Ward,
    box: Box,
    browser_of: Browsers,
    own_server: Hospitals,
    line: Line,
    caplog: pytest.LogCaptureFixture,
) -> None:
    browser = who_was_here(browser_of, ward.nurse)
    Box(box.store, ("another secret, of before",)).put(f"{readings.FOLDER}/0", {})
    line.cut()
    assert seen(browser, ward.here)[0] == 200

    contexts = contexts_for(sessionmaker(own_server.owner), datetime.now(UTC), HOSPITAL)
    readings.take_in(contexts, box)

    assert "can't be opened" in caplog.text
    assert list(box.store.names(readings.FOLDER)) == [f"{readings.FOLDER}/0"]


def test_a_list_is_not_shown_when_its_reading_cannot_be_noted(
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
