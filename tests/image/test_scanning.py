"""The image's ClamAV scans for the portal as soon as it has signatures."""

import json
from typing import Any

import pytest

from tests.clamd import EICAR, SIGNATURE
from tests.image.machine import Machine, wait_until
from tests.image.walls import inside_the_walls

UNIT = "clamav-daemon.service"

SCAN = """
import io, json, sys
sys.path.insert(0, "/opt/medicare-hub")
from portal.documents.checking.scanning import ScannerAway, scan

def verdict(data):
    try:
        return scan(io.BytesIO(data), address="{address}")
    except ScannerAway:
        return "away"

virus = bytes.fromhex("{virus}")
print(json.dumps({{
    "a letter": verdict(b"a letter"),
    "a virus": verdict(virus),
    "a virus at the end of 30 MB": verdict(bytes(30_000_000) + virus),
}}))
"""


@pytest.fixture(scope="module")
def scanner(machine: Machine) -> Machine:
    """The machine after freshclam has finished, here with a signature from the test."""
    assert machine.state(UNIT) == "inactive"
    signatures = machine.root / "var/lib/clamav"
    (signatures / "local.ndb").write_text(f"{SIGNATURE}:0:*:{EICAR.hex()}\n")
    for name in ("daily.inc", "main.inc"):
        (signatures / name).mkdir()
    wait_until(lambda: machine.state(UNIT) == "active")
    return machine


def verdicts(machine: Machine) -> dict[str, Any]:
    setting = machine.run("grep", "^SCANNER_ADDRESS=", "/run/medicare-hub/portal.env")
    address = setting.strip().partition("=")[2].strip("\"'")
    said = inside_the_walls(machine, SCAN.format(address=address, virus=EICAR.hex()))
    lines = [line for line in said.splitlines() if line.startswith('{"a letter"')]
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def test_it_finds_a_virus_inside_a_document(scanner: Machine) -> None:
    assert verdicts(scanner) == {
        "a letter": None,
        "a virus": f"{SIGNATURE}.UNOFFICIAL",
        "a virus at the end of 30 MB": f"{SIGNATURE}.UNOFFICIAL",
    }


def test_it_comes_back_when_it_is_killed(scanner: Machine) -> None:
    killed = scanner.main_pid(UNIT)
    scanner.run("kill", "-KILL", str(killed))
    wait_until(lambda: scanner.main_pid(UNIT) not in (0, killed))
    assert verdicts(scanner)["a letter"] is None


def test_its_signatures_are_kept_fresh(scanner: Machine) -> None:
    assert scanner.run("systemctl", "is-enabled", "clamav-freshclam.service").strip() == "enabled"
