"""The child processes of a demonstration: started together, ended together."""

import ctypes
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from portal.development.demonstration.ports import LOOPBACK

PATIENCE = 1.0
"""Seconds that all children together have to end by themselves. Then they are killed.

The worker may be in the middle of a long job, and a page may be waiting for its answer. Nothing is
lost: each change is one transaction, and the next start does a job again that was not finished.
"""
START_PATIENCE = 300.0
"""Seconds that a child has to answer, on a very busy machine too."""
PR_SET_PDEATHSIG = 1
LAST_LINES = 15


class ChildEnded(Exception):
    """A child that should run has ended. The message has its name, its status and the end of its log."""


class Child:
    """One process with its log."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
    ) -> None:
        self.name = name
        self._log = log
        with log.open("w") as output:
            self._process = subprocess.Popen(  # noqa: S603 (commands of our own)
                command,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches the parent alone, which then ends its children in order.
                process_group=0,
                preexec_fn=_end_with_parent,
            )

    def refuse_if_ended(self) -> None:
        """Raises `ChildEnded` when it no longer runs."""
        code = self._process.poll()
        if code is not None:
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
            words = "\n".join(f"  {line}" for line in lines[-LAST_LINES:])
            raise ChildEnded(f"{self.name} has ended (exit code {code}). Its last words:\n{words}")

    def wait_until_it_answers(self, port: int, path: str) -> None:
        """Returns once it answers 200 on loopback; raises `ChildEnded` when it ends or never does."""
        deadline = time.monotonic() + START_PATIENCE
        while not _answers(port, path):
            self.refuse_if_ended()
            if time.monotonic() > deadline:
                raise ChildEnded(f"{self.name} did not answer in {START_PATIENCE:.0f} s.")
            time.sleep(0.1)

    def ask_to_end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()

    def end(self, deadline: float) -> None:
        """Waits for its end until `deadline` (of `time.monotonic`), then kills what still runs."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
        # Its whole group: gunicorn's workers would keep the port for a while after gunicorn.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Children:
    """A context manager: the children run inside it, and none runs after it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: list[Child] = []

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> Child:
        child = Child(name, command, environment, self._folder, log)
        self._children.append(child)
        return child

    def watch(self) -> None:
        """Never returns; raises `ChildEnded` as soon as one has ended."""
        while True:
            for child in self._children:
                child.refuse_if_ended()
            time.sleep(0.5)

    def __enter__(self) -> "Children":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for child in self._children:
            child.ask_to_end()
        deadline = time.monotonic() + PATIENCE
        for child in self._children:
            child.end(deadline)


def _end_with_parent() -> None:
    """Ends the child when the parent is killed, so that no port stays taken (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
