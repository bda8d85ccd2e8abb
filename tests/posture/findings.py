"""What Prowler found: one row of its CSV for each thing that a check looked at."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

FRAMEWORKS = {
    "HIPAA": "hipaa_aws",
    "AWS-Foundational-Security-Best-Practices": "aws_foundational_security_best_practices_aws",
}
"""The frameworks that are scanned: as a row names them, and as Prowler's options do."""


@dataclass(frozen=True)
class Finding:
    """What a check says of one thing. `status` is PASS, FAIL or MANUAL: what a person must look at."""

    check: str
    status: str
    thing: str
    """The thing's ARN and its tags."""
    says: str
    frameworks: frozenset[str]

    def __str__(self) -> str:
        return f"{self.check}: {self.says} [{self.thing}]"


def read(file: Path) -> list[Finding]:
    """The findings in a CSV of Prowler's, of the scanned frameworks alone."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [_finding(row) for row in csv.DictReader(rows, delimiter=";")]


def _finding(row: Mapping[str, str]) -> Finding:
    named = {entry.partition(":")[0] for entry in row["COMPLIANCE"].split(" | ")}
    return Finding(
        check=row["CHECK_ID"],
        status=row["STATUS"],
        thing=f"{row['RESOURCE_UID']} {row['RESOURCE_TAGS']}".strip(),
        says=row["STATUS_EXTENDED"],
        frameworks=frozenset(named & FRAMEWORKS.keys()),
    )


def count(findings: Iterable[Finding], framework: str, status: str) -> int:
    return sum(one.status == status and framework in one.frameworks for one in findings)
