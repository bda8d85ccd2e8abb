"""Prints how much of a playbook's time each role takes."""

from __future__ import annotations

DOCUMENTATION = """
name: time_per_role
type: aggregate
short_description: time, tasks and changes of each role
description:
  - Prints at the end of a playbook how long each role took, and how many of its tasks changed something.
  - Says so on standard error as each role ends, when E(HUB_PROGRESS) is set.
  - Writes the same as JSON, with the names of those tasks, into the file that E(HUB_REPORT) names.
"""

import json
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase  # type: ignore[attr-defined]  # Ansible's own


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "time_per_role"

    def __init__(self) -> None:
        super().__init__()
        self.seconds: dict[str, float] = defaultdict(float)
        self.tasks: dict[str, int] = defaultdict(int)
        self.changed: dict[str, list[str]] = defaultdict(list)
        self.failed: list[str] = []
        self.role, self.since = "", time.monotonic()

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._stop_the_clock()
        role = task._role.get_name() if task._role else "playbook"
        if self.role not in ("", role):
            self._tell_progress()
        self.role = role
        self.tasks[role] += 1

    def v2_runner_on_ok(self, result: Any) -> None:
        if result.is_changed():
            self.changed[self.role].append(result.task.name)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            self.failed.append(result.task.get_name())

    def v2_playbook_on_stats(self, _stats: Any) -> None:
        self._stop_the_clock()
        self._display.banner("TIME PER ROLE")
        for role in self.tasks:
            self._display.display(self._line(role))
        self._tell_progress()
        self._write_report()

    def _line(self, role: str) -> str:
        changed = len(self.changed[role])
        return (
            f"{role:<20} {self.seconds[role]:7.1f} s {self.tasks[role]:4} tasks {changed:4} changed"
        )

    def _tell_progress(self) -> None:
        if os.environ.get("HUB_PROGRESS"):
            print(self._line(self.role), file=sys.stderr, flush=True)

    def _stop_the_clock(self) -> None:
        if self.role:
            self.seconds[self.role] += time.monotonic() - self.since
        self.since = time.monotonic()

    def _write_report(self) -> None:
        if report := os.environ.get("HUB_REPORT"):
            roles = {
                role: {"seconds": self.seconds[role], "tasks": tasks, "changed": self.changed[role]}
                for role, tasks in self.tasks.items()
            }
            Path(report).write_text(json.dumps({"roles": roles, "failed": self.failed}))
