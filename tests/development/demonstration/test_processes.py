"""All child processes of the demonstration are stopped, even a busy one."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.development.demonstration import processes
from portal.development.demonstration.processes import PATIENCE, Children
from tests.development.demonstration.running import is_alive
from tests.eventually import eventually

STUBBORN = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(f"{below.pid}\\n")
time.sleep(600)
"""
"""A child that ignores signals, with a child process."""


def written(path: Path) -> int:
    """The child's child process, after its start."""
    while not (path.exists() and path.read_text().endswith("\n")):
        time.sleep(0.02)
    return int(path.read_text())


def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the parent waits for each child."""
    seconds: list[float] = []
    wait: Callable[..., int] = subprocess.Popen.wait

    def noted(process: Any, timeout: float | None = None) -> int:
        if timeout is not None:
            seconds.append(timeout)
        return wait(process, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", noted)
    return seconds


def test_children_that_do_not_end_are_killed_with_all_processes_below_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / name for name in ("first", "second", "third")]
    with Children(tmp_path) as children:
        for file in files:
            command = [sys.executable, "-c", STUBBORN, str(file)]
            children.start(file.name, command, {}, tmp_path / f"{file.name}.log")
        below = [written(file) for file in files]
        seconds = waits(monkeypatch)

    assert eventually(lambda: not any(map(is_alive, below)))
    assert len(seconds) == len(files)
    assert sum(seconds) <= PATIENCE


def test_a_child_that_ends_by_itself_is_not_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 60.0)
    log = tmp_path / "log"
    with Children(tmp_path) as children:
        tidy = (
            "import signal, sys, time;"
            "signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('tidied up')));"
            "print('ready', flush=True); time.sleep(600)"
        )
        children.start("tidy", [sys.executable, "-c", tidy], {}, log)
        while "ready" not in log.read_text():
            time.sleep(0.02)

    assert "tidied up" in log.read_text()
