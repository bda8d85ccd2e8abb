"""The lists: encrypted on the disk, whole on paper, and as they look in a browser."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.development.cognito.people import SIAN_DAVIES
from portal.downtime import lists
from portal.downtime.box import Box
from portal.errors import NotFound
from portal.models import Location
from tests.accessibility import check_accessibility
from tests.builders import a_patient, a_practitioner, a_slot, an_appointment, context_for
from tests.chromium import PHONE, Visitor
from tests.plugins.signin import live_portal_over, sign_in_as
from tests.printing import printed
from tests.resilience.conftest import Hospitals
from tests.resilience.downtime.clinics import HOSPITAL, Browsers, Ward
from tests.resilience.line import Line


def test_the_files_cannot_be_read_or_exchanged_on_the_mount(ward: Ward, box: Box) -> None:
    name = f"{lists.FOLDER}/{ward.here.ref}"
    sealed = box.store.get(name)
    assert b"Amina" not in sealed

    # One clinic's file in the place of another's, and a changed one.
    for forged in (box.store.get(f"{lists.FOLDER}/{ward.elsewhere.ref}"), sealed[:-1] + b"A"):
        box.store.put(name, forged)
        with pytest.raises(NotFound):
            box.get(name)


def test_a_list_is_whole_on_paper(
    browser: Browser, ward: Ward, box: Box, browser_of: Browsers, records: Session
) -> None:
    now = datetime.now(UTC)
    begins = HOSPITAL.day(HOSPITAL.today(now))[0] + timedelta(hours=8)
    who = a_practitioner(records, [ward.here])
    for number in range(60):
        long_name = {"family": f"Cholmondeley{number:02}", "given": "Bartholomew Maximilian"}
        slot = a_slot(records, who, ward.here, starts_at=begins + timedelta(minutes=number))
        an_appointment(records, a_patient(records, **long_name), slot)
    records.commit()
    lists.write(context_for(records, now=now), box)

    sheets = printed(browser, browser_of(ward.nurse), f"/downtime/{ward.here.ref}")

    assert "Cholmondeley00" in sheets[0].text, "the list begins on the first sheet"
    of_today = [sheet for sheet in sheets if "Cholmondeley" in sheet.text]
    assert len(of_today) > 1
    for sheet in of_today:
        for heading in ("Time", "Patient", "Phone", "With"):
            assert f" {heading} " in f" {sheet.text} ", "the heading is on every sheet"
        assert sheet.right <= sheet.width - 42, "nothing is cut off"
        assert sheet.text.count("Cholmondeley") == sheet.text.count("07700 900123") - (
            "Okafor" in sheet.text
        ), "a row is whole"
    assert sum(sheet.text.count("Cholmondeley") for sheet in sheets) == 60


def test_a_clinic_that_closed_leaves_no_list(ward: Ward, box: Box, records: Session) -> None:
    records.execute(update(Location).where(Location.id == ward.here.id).values(active=False))
    records.commit()

    lists.write(context_for(records, now=datetime.now(UTC)), box)

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
