"""The logs of an instance: lines of JSON where the CloudWatch agent reads them."""

import json

import pytest

from tests.image.machine import Machine, wait_until
from tests.image.visitor import get

pytestmark = pytest.mark.usefixtures("beside_the_instance")

FOLDER = "var/log/medicare-hub"


def lines_of(portal: Machine, name: str) -> list[dict[str, object]]:
    text = (portal.root / FOLDER / f"{name}.json").read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_a_request_is_logged_as_the_portal_wrote_it(portal: Machine) -> None:
    """The lines are not changed, so that CloudWatch finds the metrics in them."""
    get("/")
    wait_until(
        lambda: any("_aws" in line and line["Route"] == "/" for line in lines_of(portal, "portal"))
    )


def test_what_nginx_answers_by_itself_is_told_without_what_was_asked_for(portal: Machine) -> None:
    assert get(f"/{'Okafor' * 1500}").status == 414

    def told() -> list[dict[str, object]]:
        return [line for line in lines_of(portal, "portal") if line.get("logger") == "portal-proxy"]

    wait_until(lambda: any(line["status"] == 414 for line in told()))
    assert "Okafor" not in portal.run("journalctl", "--boot", "--output=cat")


@pytest.mark.parametrize("name", ["portal", "worker", "system"])
def test_every_line_is_an_object(portal: Machine, name: str) -> None:
    assert all(isinstance(line, dict) for line in lines_of(portal, name))
    assert lines_of(portal, name)


def test_lines_go_on_after_files_are_rotated(portal: Machine) -> None:
    portal.run("logrotate", "--force", "/etc/logrotate.d/medicare-hub")
    get("/health/live")
    file = portal.root / FOLDER / "portal.json"
    wait_until(lambda: file.exists() and lines_of(portal, "portal"))
    assert (portal.root / FOLDER / "portal.json.1").exists()


def test_the_agent_knows_its_environment(portal: Machine) -> None:
    """The agent is a stand-in, with the same configuration as Amazon's."""
    said = portal.said("amazon-cloudwatch-agent")
    assert "/var/log/medicare-hub/portal.json to /medicare-hub/rehearsal/portal" in said
    assert "@" not in said
