"""Runs that are killed in the middle, and settings that change: the next run puts everything right."""

import time
from pathlib import Path

from tests.infrastructure.account import Account, empty_account
from tests.infrastructure.conftest import LEAVING_NOTHING
from tests.infrastructure.playbooks import begin, kill, play, still_running

DATA = "../tests/infrastructure/data"
TASKS = (
    "keys : present | Create a key for each purpose",
    "network : present | Create a subnet of each tier in each zone",
    "network : present | Create the NAT gateways",
    "network : present | Create the endpoints of AWS's services",
    "database : present | Create the database",
)


def killed_at(task: str, account: Account, report: Path) -> None:
    """Kills a run, with all that it started, a moment after it began a task."""
    process = begin(DATA, account, inventory="staging", report=report, variables={})
    assert process.stdout
    for line in process.stdout:
        if line.startswith(f"TASK [{task}]"):
            time.sleep(0.3)
            assert len(still_running(report)) > 1
            kill(process, report)
            assert still_running(report) == set()
            return
    raise AssertionError(f"The run ended without '{task}'")


def test_a_killed_run_is_finished_by_the_next(tmp_path: Path) -> None:
    with empty_account() as account:
        for task in TASKS:
            killed_at(task, account, tmp_path / "report.json")
        finished = play(DATA, account, inventory="staging")
        assert finished.status == 0, finished.output
        assert finished.changed != []
        addresses = account.all("ec2", "describe_addresses", "Addresses")
        assert len(addresses) == 1
        again = play(DATA, account, inventory="staging")
        assert again.changed == []

        closed = play(DATA, account, inventory="staging", network_flow_log_days=30)
        assert closed.changed == ["network: flow_log | Create its log group"]

        gone = play("teardown", account, inventory="staging", **LEAVING_NOTHING)
        assert gone.status == 0, gone.output
        assert sorted(account.made()) == []
