"""Which release a fleet goes back to: `ansible/plugins/module_utils/releases.py`, case by case."""

import runpy
from typing import Any

import pytest

from tests.infrastructure.playbooks import ANSIBLE

RULES = runpy.run_path(str(ANSIBLE / "plugins" / "module_utils" / "releases.py"))
GOOD = {"1": ("A", "2026-10-01"), "2": ("B", "2026-11-01"), "3": ("C", "2026-12-01")}
"""Versions of the template, their releases, and when each ran everywhere."""


def configuration(version: str) -> dict[str, Any]:
    return {"LaunchTemplate": {"Version": version}}


def tags(version: str, since: str, **more: str) -> dict[str, str]:
    return {"TemplateVersion": version, "RolledOut": since, "RolledOutBy": "deploy", **more}


def refresh(version: str, status: str) -> dict[str, Any]:
    return {"Status": status, "DesiredConfiguration": configuration(version)}


def way_back(
    running: str,
    *,
    latest: dict[str, Any] | None = None,
    changed: dict[str, dict[str, str]] | None = None,
    named: str = "",
    instances: str = "",
) -> tuple[str | None, str | None]:
    """The release that it goes back to, and the one that it leaves."""
    versions = [
        {
            "VersionNumber": int(version),
            "VersionDescription": name,
            "LaunchTemplateData": {"ImageId": f"ami-{name}"},
        }
        for version, (name, _) in GOOD.items()
    ]
    images = {f"ami-{name}": tags(version, since) for version, (name, since) in GOOD.items()}
    images |= changed or {}
    group = {**configuration(running), "Instances": [configuration(one) for one in instances]}
    fleet = RULES["Fleet"](group, [latest] if latest else [], versions, images)
    way = fleet.way_back(named)
    return way.to and way.to.name, way.leaves and way.leaves.name


NEVER_RAN: dict[str, str] = {}
TAKEN_BACK = tags("3", "2026-12-01", TakenBack="2026-12-02")


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"running": "3", "latest": refresh("3", "Successful")}, ("B", "C")),
        ({"running": "3"}, ("B", "C")),  # AWS has forgotten its refreshes
        # What is on its way, or was given up half-way, is left for what runs.
        *(
            (
                {
                    "running": "2",
                    "instances": "23",
                    "latest": refresh("3", status),
                    "changed": {"ami-C": NEVER_RAN},
                },
                ("B", "C"),
            )
            for status in ("InProgress", "Baking", "Failed", "Cancelled", "RollbackFailed")
        ),
        # Also when it is one that ran well before.
        ({"running": "3", "latest": refresh("2", "InProgress")}, ("C", "B")),
        # A rollout that was given up and has no instance left does not count.
        (
            {
                "running": "2",
                "instances": "22",
                "latest": refresh("3", "Failed"),
                "changed": {"ami-C": NEVER_RAN},
            },
            ("A", "B"),
        ),
        # AWS turned it back: what runs is good already.
        (
            {
                "running": "2",
                "latest": refresh("3", "RollbackSuccessful"),
                "changed": {"ami-C": NEVER_RAN},
            },
            ("B", None),
        ),
        # An interrupted rollback continues; one that has ended is not repeated.
        (
            {
                "running": "3",
                "latest": refresh("2", "InProgress"),
                "changed": {"ami-C": TAKEN_BACK},
            },
            ("B", "C"),
        ),
        (
            {
                "running": "2",
                "latest": refresh("2", "Successful"),
                "changed": {
                    "ami-B": tags("2", "2026-12-03", RolledOutBy="rollback"),
                    "ami-C": TAKEN_BACK,
                },
            },
            ("B", None),
        ),
        (
            {
                "running": "2",
                "latest": refresh("2", "Successful"),
                "changed": {"ami-C": TAKEN_BACK},
            },
            ("B", None),
        ),
        # A release that was taken back once is good again when it has run everywhere since.
        (
            {"running": "3", "changed": {"ami-B": tags("2", "2026-11-09", TakenBack="2026-11-02")}},
            ("B", "C"),
        ),
        (
            {"running": "3", "changed": {"ami-B": tags("2", "2026-11-01", TakenBack="2026-11-02")}},
            ("A", "C"),
        ),
        ({"running": "3", "named": "A"}, ("A", "C")),
        ({"running": "3", "named": "C"}, ("C", None)),
        ({"running": "3", "named": "0"}, (None, "C")),
        ({"running": "1", "changed": {"ami-B": NEVER_RAN, "ami-C": NEVER_RAN}}, (None, "A")),
    ],
)
def test_it_goes_back_to_the_last_one_that_ran_well(
    case: dict[str, Any], expected: tuple[str | None, str | None]
) -> None:
    assert way_back(**case) == expected
