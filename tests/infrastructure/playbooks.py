"""Run the real playbooks against an emulated account, as an operator would."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infrastructure.account import ROOT, Account

ANSIBLE = ROOT / "ansible"
PROGRAMS = ROOT / ".venv-ansible" / "bin"
STRATEGIES = "ansible_mitogen/plugins/strategy"
NIGHT = "2026-11-30T23:00:00+00:00"
"""When the fleet is small. Playbooks are played at this hour, whenever the tests are run."""
ON_LOOPBACK = Path(__file__).with_name("on_loopback")


@dataclass(frozen=True)
class Run:
    """One run of a playbook: its exit status, what changed by role, and all that it printed."""

    playbook: str
    status: int
    roles: Mapping[str, Mapping[str, Any]]
    output: str

    @property
    def changed(self) -> list[str]:
        """The tasks that changed something, each as "role: task"."""
        return [
            f"{role}: {task}" for role, report in self.roles.items() for task in report["changed"]
        ]


def environment_for(account: Account) -> dict[str, str]:
    """What the playbooks read from their environment so that they speak to `account`."""
    site_packages = next(PROGRAMS.parent.glob("lib/python3.*/site-packages"))
    return {
        **{name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ},
        **account.environment,
        "ANSIBLE_FORCE_COLOR": "false",
        "ANSIBLE_NOCOLOR": "true",
        # Runs the same tasks in the same order without a new Python for each, in a third of the time.
        "ANSIBLE_STRATEGY": "mitogen_linear",
        "ANSIBLE_DEPRECATION_WARNINGS": "false",  # of strategies that are not Ansible's own
        "ANSIBLE_STRATEGY_PLUGINS": str(site_packages / STRATEGIES),
        "PYTHONPATH": str(ON_LOOPBACK),
        "PYTHONWARNINGS": "ignore",
    }


def play(
    playbook: str, account: Account, *, inventory: str = "production", **variables: Any
) -> Run:
    """Runs `ansible/<playbook>.yml` to its end, good or bad. `variables` are --extra-vars."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        process = begin(playbook, account, inventory=inventory, report=report, variables=variables)
        output, _ = process.communicate()
        told = json.loads(report.read_text()) if report.exists() else {"roles": {}}
    return Run(playbook, process.returncode, told["roles"], output)


def begin(
    playbook: str,
    account: Account,
    *,
    inventory: str,
    report: Path,
    variables: Mapping[str, Any],
) -> subprocess.Popen[str]:
    """Starts a playbook that a test may `kill`, with the same `report`."""
    print(f"\n{time.strftime('%H:%M:%S')} {playbook}.yml on {inventory}", file=sys.stderr)
    return subprocess.Popen(
        [
            *(PROGRAMS / "ansible-playbook", f"{playbook}.yml"),
            *("-i", f"inventory/{inventory}.yml"),
            # An emulated instance has no system inside: the play on the builder finds no host.
            *("--limit", "hub"),
            *("--extra-vars", json.dumps({"fleet_time": NIGHT, **variables})),
        ],
        cwd=ANSIBLE,
        env=environment_for(account) | {"HUB_REPORT": str(report), "HUB_PROGRESS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None,
        text=True,
        start_new_session=True,
    )


def still_running(report: Path) -> set[int]:
    """The ids of all processes of the run that writes `report`, its orphans too.

    They are known by their environment: Ansible's workers have their own sessions, and outlive their parent.
    """
    mark = f"HUB_REPORT={report}".encode()
    return {
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if mark in _environment(process).split(b"\0")
    }


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""  # somebody else's, or gone by now


def kill(process: subprocess.Popen[str], report: Path) -> None:
    """Kills a run and everything that it started, at once."""
    while running := still_running(report):
        for process_id in running:
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
        time.sleep(0.05)
    process.communicate()
