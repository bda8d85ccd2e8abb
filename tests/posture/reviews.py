"""What people decided about failing checks: `docs/posture.yml`, which `docs/posture.md` shows as tables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.posture.findings import Finding

REVIEWED = Path(__file__).parents[2] / "docs" / "posture.yml"
HEADINGS = {"emulator": "The emulated AWS's own fault", "decided": "Decided"}
"""The lists of the file, and the heading of each in the document."""


@dataclass(frozen=True)
class Review:
    """Why some checks may fail for some things: those whose ARN, tags or finding `things` is found in."""

    checks: Sequence[str]
    why: str
    things: str = ""
    called: str = ""

    def covers(self, finding: Finding) -> bool:
        where = f"{finding.thing} {finding.says}"
        return finding.check in self.checks and re.search(self.things, where) is not None

    @property
    def row(self) -> str:
        """The review in a table of the document."""
        checks = ", ".join(f"`{check}`" for check in self.checks)
        return f"| {checks}{': ' if self.called else ''}{self.called} | {self.why} |"


def load(file: Path = REVIEWED) -> dict[str, list[Review]]:
    """The reviews in each list of the file."""
    told: dict[str, list[dict[str, Any]]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {name: [Review(**entry) for entry in entries] for name, entries in told.items()}


def table(reviews: Iterable[Review]) -> list[str]:
    return ["| check | why it fails |", "|---|---|", *(review.row for review in reviews)]


def judge(findings: Iterable[Finding], reviews: Sequence[Review]) -> list[str]:
    """What is wrong: checks that fail and nobody reviewed, and reviews of what no longer fails."""
    failing = [finding for finding in findings if finding.status == "FAIL"]
    nobody_reviewed = [
        f"Fails, and nobody reviewed it: {finding}"
        for finding in failing
        if not any(review.covers(finding) for review in reviews)
    ]
    no_longer = [
        f"Reviewed, but no longer fails: {check} {review.called}".rstrip()
        for review in reviews
        for check in review.checks
        if not any(one.check == check and review.covers(one) for one in failing)
    ]
    return sorted(set(nobody_reviewed)) + no_longer
