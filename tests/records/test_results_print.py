"""Results on paper: every value is there once, whole, and nothing is cut off at the edge."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from portal.models import Account
from tests.builders import NOW, a_report
from tests.builders.ward import Ward
from tests.printing import printed

MARGIN = 42
"""Points: 15 mm."""


def test_results_are_whole_on_paper(
    open_ward: Ward,
    database: Session,
    sign_in: Callable[[Account], FlaskClient],
    browser: Browser,
) -> None:
    for number in range(15):
        numbers = {"2823-3": f"4.{number:02}", "2951-2": f"1{number:02}", "2075-0": f"9{number}"}
        at = NOW - timedelta(days=number)
        note = f"{'The sample was taken at home. ' * 4}Last{number:02}."
        a_report(database, open_ward.patient, numbers, effective_at=at, note=note)
    database.commit()
    address = f"/patients/{open_ward.patient.ref}/record/results"
    sheets = printed(browser, sign_in(open_ward.own), address)

    assert len(sheets) > 2
    for sheet in sheets:
        assert sheet.left >= MARGIN - 1
        assert sheet.right <= sheet.width - MARGIN + 1, "nothing is cut off"
    for number in range(15):
        begins = [n for n, sheet in enumerate(sheets) if f"4.{number:02} mmol/L" in sheet.text]
        ends = [n for n, sheet in enumerate(sheets) if f"Last{number:02}." in sheet.text]
        assert len(begins) == 1
        assert begins == ends, "a report is whole"
