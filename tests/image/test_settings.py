"""Settings are loaded from AWS into memory, and the last good ones are kept."""

import subprocess

import pytest

from tests.image.amazon import SETTINGS, Amazon
from tests.image.machine import Machine, wait_until
from tests.image.visitor import get

pytestmark = pytest.mark.usefixtures("beside_the_instance")

FILE = "/run/medicare-hub/portal.env"


def test_settings_are_in_memory_for_root_alone(portal: Machine) -> None:
    assert portal.run("stat", "--format=%U %a", FILE).strip() == "root 600"
    assert portal.run("stat", "--file-system", "--format=%T", FILE).strip() == "tmpfs"


def test_no_secret_is_anywhere_on_the_disk(portal: Machine, amazon: Amazon) -> None:
    """Secrets are not in files, in the journal, or in the logs that are sent to AWS."""
    patterns = [f"--regexp={secret}" for secret in amazon.secrets]
    disk = ("etc", "opt", "root", "srv", "tmp", "usr", "var")  # seen from outside: no memory
    command = [
        "grep",
        "-rlFa",
        "--devices=skip",
        *patterns,
        *(str(portal.root / one) for one in disk),
    ]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (1, "")


def test_a_rotated_password_is_taken_up(portal: Machine, amazon: Amazon) -> None:
    before = portal.main_pid("portal.service"), portal.main_pid("portal-worker.service")
    amazon.rotate()
    portal.run("systemctl", "start", "portal-settings.service")
    wait_until(lambda: all(now not in (0, *before) for now in _main_pids(portal)))
    assert get("/health/ready").status == 200


def test_unchanged_settings_restart_nothing(portal: Machine) -> None:
    before = _main_pids(portal)
    portal.run("systemctl", "start", "portal-settings.service")
    assert _main_pids(portal) == before


def test_the_last_good_settings_stay_while_aws_is_away(portal: Machine, amazon: Amazon) -> None:
    before = portal.run("sha256sum", FILE)
    with amazon.away():
        portal.run("systemctl", "start", "portal-settings.service")
        portal.run("systemctl", "restart", "portal.service")
        assert get("/health/ready").status == 200
    assert portal.run("sha256sum", FILE) == before
    assert "The last good settings stay in use" in portal.said("portal-settings")


def test_a_published_mistake_is_told_and_not_taken_up(portal: Machine, amazon: Amazon) -> None:
    before = portal.run("sha256sum", FILE), _main_pids(portal)
    amazon.publish(PORTAL_URL="http://portal.settings.hospital.example")
    portal.run("systemctl", "start", "portal-settings.service")
    amazon.publish(PORTAL_URL=SETTINGS["PORTAL_URL"])
    assert "PORTAL_URL is plain HTTP" in portal.said("portal-settings")
    assert (portal.run("sha256sum", FILE), _main_pids(portal)) == before


def test_an_instance_that_boots_while_aws_is_away_serves_as_soon_as_it_can(
    portal: Machine, amazon: Amazon
) -> None:
    portal.run("systemctl", "stop", "portal.service", "portal-worker.service")
    portal.run("rm", FILE)
    with amazon.away():
        portal.run("systemctl", "--no-block", "start", "portal-settings.service", "portal.service")
        wait_until(lambda: int(portal.unit("portal-settings.service", "NRestarts")[0]) > 0)
        assert portal.state("portal.service") != "active"
    assert get("/health/live", seconds=60).status == 200
    portal.run("systemctl", "start", "portal-worker.service")


def _main_pids(portal: Machine) -> tuple[int, int]:
    return portal.main_pid("portal.service"), portal.main_pid("portal-worker.service")
