"""What the portal is told about its shared files, and the command that prepares them."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.errors import ConfigurationError
from portal.shared_files import SharedFiles
from tests.settings import settings_for

ROOT = Path(__file__).parents[2]


def prepare(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "portal.shared_files", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("SHARED_FILES_DIRECTORY", "", "SHARED_FILES_DIRECTORY is not set. Set it to a directory"),
        ("SHARED_FILES_DIRECTORY", "shared", "'shared'. Set it to a full path such as /srv/"),
        ("SHARED_FILES_DEADLINE_SECONDS", "0", "Set it to a whole number of at least 1"),
        ("SCANNER_ADDRESS", "clamd", "'clamd'. Set it to /run/clamav/clamd.ctl, or to host:port"),
        ("SCANNER_ADDRESS", "tcp://a:1", "or to host:port"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_fix(name: str, value: str, fault: str) -> None:
    with pytest.raises(ConfigurationError, match=fault):
        settings_for("sqlite://", **{name: value})


@pytest.mark.parametrize("address", ["/run/clamav/clamd.ctl", "scanner:3310", "[::1]:3310"])
def test_the_scanner_is_at_a_socket(address: str) -> None:
    assert settings_for("sqlite://", SCANNER_ADDRESS=address).scanner_address == address


def test_without_settings_there_is_no_scanner() -> None:
    assert settings_for("sqlite://").scanner_address is None


def test_a_machines_own_disk_is_prepared_only_when_that_is_meant(tmp_path: Path) -> None:
    refusal = prepare(str(tmp_path))
    assert refusal.returncode == 1
    assert "Mount the shared file system first" in refusal.stderr
    assert list(tmp_path.iterdir()) == []

    for _ in range(2):
        assert prepare("--local", str(tmp_path)).returncode == 0
    store = SharedFiles(tmp_path)
    assert store.staged("key") == []
    store.close()


def test_a_directory_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    refusal = prepare(str(tmp_path / "none"))

    assert refusal.returncode == 1
    assert "There is no directory" in refusal.stderr
