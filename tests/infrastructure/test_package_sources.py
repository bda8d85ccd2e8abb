"""A bake refuses packages without a checksum or signature before it installs anything."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.infrastructure.playbooks import ANSIBLE, PROGRAMS

PLAYBOOK = Path(__file__).with_name("sources.yml")
EFS = {"source": "/srv/amazon-efs-utils.deb", "checksum": "00ff"}
AUTHORITIES = {"source": "https://rds.example/bundle.pem", "checksum": "00ff"}


def outcome(**variables: Any) -> tuple[bool, str]:
    """Whether the sources are good enough, and what the role says."""
    run = subprocess.run(
        [
            *(PROGRAMS / "ansible-playbook", PLAYBOOK, "-i", "inventory/production.yml"),
            *("--extra-vars", json.dumps(variables)),
        ],
        cwd=ANSIBLE,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode == 0, " ".join(run.stdout.split())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Set portal_image_efs_utils to a dictionary"),
        ({"portal_image_efs_utils": EFS | {"checksum": ""}}, "build-deb.sh"),
        ({"portal_image_efs_utils": EFS}, "portal_image_database_authorities.checksum"),
    ],
)
def test_a_package_without_a_checksum_is_named(given: dict[str, Any], told: str) -> None:
    good, words = outcome(**given)

    assert not good
    assert told in words
    assert "group_vars/production.yml shows how" in words


def test_packages_with_checksums_are_accepted() -> None:
    good, words = outcome(portal_image_efs_utils=EFS, portal_image_database_authorities=AUTHORITIES)

    assert good, words
