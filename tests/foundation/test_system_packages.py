import os
import subprocess
from pathlib import Path

import pytest

from tests import require_system_packages as packages


def test_what_is_not_installed_is_named() -> None:
    assert packages.missing(["bash", "no-such-package"]) == ["no-such-package"]


def test_without_root_the_command_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packages, "listed", lambda: ["bash", "no-such-package"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert packages.main() == 1
    said = capsys.readouterr().err
    assert "sudo apt-get install --no-install-recommends no-such-package\n" in said


def test_services_stay_down_while_packages_are_installed(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    with packages.services_held_back(policy):
        assert subprocess.run([policy, "mariadb", "start"], check=False).returncode == 101
    assert not policy.exists()


def test_a_policy_of_the_machine_is_left_alone(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("theirs")
    with packages.services_held_back(policy):
        assert policy.read_text() == "theirs"
    assert policy.read_text() == "theirs"
