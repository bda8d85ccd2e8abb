"""Prints the policy of the operator who runs the playbooks: the IAM actions from all roles' READMEs.

    python ansible/operator_policy.py        (make operator-policy)

IAM limits managed policies to 6144 characters, so there may be several documents, one per line.
"""

import json
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

ROLES = Path(__file__).with_name("roles")
LONGEST = 6144

SECTION = re.compile(
    r"^## IAM actions\n(?:None\b|.*?^```iam\n(?P<listed>.*?)^```$)", re.MULTILINE | re.DOTALL
)
ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")


def actions_of(readme: Path) -> set[str]:
    """The actions that a role's README lists. Raises ValueError when it has neither a list nor "None"."""
    section = SECTION.search(readme.read_text(encoding="utf-8"))
    if section is None:
        raise ValueError(f"{readme} has no section '## IAM actions' with a block 'iam'")
    lines = [line.partition("#")[0].strip() for line in (section["listed"] or "").splitlines()]
    for line in filter(None, lines):
        if not ACTION.fullmatch(line):
            raise ValueError(f"{readme}: '{line}' is no action such as ec2:CreateVpc")
    return set(filter(None, lines))


def actions() -> set[str]:
    """The actions of all roles."""
    return set().union(*(actions_of(readme) for readme in sorted(ROLES.glob("*/README.md"))))


def policies(needed: set[str]) -> Iterator[str]:
    """Policy documents that together allow `needed`. A service is only split when it does not fit."""
    kept: list[str] = []
    for _, group in groupby(sorted(needed), key=lambda action: action.partition(":")[0]):
        of_service = list(group)
        if kept and len(document(kept + of_service)) > LONGEST:
            yield document(kept)
            kept = []
        kept += of_service
    yield document(kept)


def document(allowed: list[str]) -> str:
    statement = {"Effect": "Allow", "Action": allowed, "Resource": "*"}
    whole = {"Version": "2012-10-17", "Statement": [statement]}
    return json.dumps(whole, separators=(",", ":"))


if __name__ == "__main__":
    sys.stdout.writelines(f"{policy}\n" for policy in policies(actions()))
