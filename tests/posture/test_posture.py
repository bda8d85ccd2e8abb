"""docs/posture.md shows what was decided, and a scan is judged by it."""

from pathlib import Path

import pytest

from tests.posture.findings import Finding, read
from tests.posture.reviews import HEADINGS, REVIEWED, Review, judge, load, table

OPEN = Review(["bucket_open"], "It shows a public page.", things="-page-", called="the page")


def finding(thing: str, status: str = "FAIL", check: str = "bucket_open") -> Finding:
    return Finding(check, status, thing, "It is open.", frozenset({"HIPAA"}))


@pytest.mark.parametrize("name", HEADINGS)
def test_the_document_shows_every_review_and_no_other(name: str) -> None:
    document = REVIEWED.with_suffix(".md").read_text(encoding="utf-8")
    section = document.partition(f"\n## {HEADINGS[name]}\n")[2].partition("\n## ")[0]
    shown = [line for line in section.splitlines() if line.startswith("|")]
    assert shown == table(load()[name])


def test_there_are_no_lists_but_those_of_the_document() -> None:
    assert load().keys() == HEADINGS.keys()


def test_what_was_reviewed_may_fail() -> None:
    assert judge([finding("hub-page-1"), finding("hub-logs-1", "PASS")], [OPEN]) == []


def test_a_failure_that_nobody_reviewed_is_told_with_its_thing() -> None:
    (wrong,) = judge([finding("hub-page-1"), finding("hub-logs-1")], [OPEN])
    assert wrong == "Fails, and nobody reviewed it: bucket_open: It is open. [hub-logs-1]"


@pytest.mark.parametrize("status", ["PASS", "MANUAL"])
def test_a_review_of_what_no_longer_fails_is_told(status: str) -> None:
    (wrong,) = judge([finding("hub-page-1", status)], [OPEN])
    assert wrong == "Reviewed, but no longer fails: bucket_open the page"


def test_findings_are_read_as_prowler_writes_them(tmp_path: Path) -> None:
    names = "CHECK_ID;STATUS;STATUS_EXTENDED;RESOURCE_UID;RESOURCE_TAGS;COMPLIANCE"
    row = "bucket_open;FAIL;It is open.;arn:aws:s3:::page;Project=hub;CIS-2.0: 1.1 | HIPAA: 164, 2"
    file = tmp_path / "findings.csv"
    file.write_text(f"{names}\n{row}\n", encoding="utf-8")
    (found,) = read(file)
    assert found == finding("arn:aws:s3:::page Project=hub")
