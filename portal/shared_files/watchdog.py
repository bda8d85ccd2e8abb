"""Knows whether the mount works, from a small program that checks it repeatedly.

The program may hang with the mount. No thread of a caller waits for it; if it prints nothing, the mount
hangs.
"""

import select
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from portal.shared_files import pulse

INTERVAL_SECONDS = 1.0
DEADLINE_SECONDS = 2.0
SILENT = "does not answer"
NO_PULSE = "can't be watched"


class Watchdog:
    """`when_lost` is called in the watchdog's thread each time the mount stops working."""

    def __init__(self, marker: Path, *, when_lost: Callable[[], None]) -> None:
        self._marker, self._when_lost = marker, when_lost
        self._closed, self._lock = Event(), Lock()
        self._thread: Thread | None = None
        self.trouble: str | None = None
        """The problem in a few words for an administrator; None while the mount works."""

    @property
    def lives(self) -> bool:
        """Whether the mount works; True until the first result."""
        return self.trouble is None

    def start(self) -> None:
        """Starts watching. Further calls do nothing."""
        if not self._thread:
            with self._lock:
                if not self._thread:
                    self._thread = Thread(target=self._watch, name="watchdog", daemon=True)
                    self._thread.start()

    def close(self) -> None:
        """Ends the program within its interval, or when it no longer hangs."""
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.is_set():
            # If no process can be started now, the next round tries again.
            with suppress(OSError):
                self._watch_with(_start(self._marker))
            self._closed.wait(INTERVAL_SECONDS)

    def _watch_with(self, program: "subprocess.Popen[bytes]") -> None:
        try:
            self._listen_to(program)
        finally:
            _end(program)

    def _listen_to(self, program: "subprocess.Popen[bytes]") -> None:
        """Returns when the program has ended or the watchdog was closed."""
        assert program.stdout  # noqa: S101 - for the type checker
        while not self._closed.is_set():
            ready, _, _ = select.select(
                [program.stdout], [], [], INTERVAL_SECONDS + DEADLINE_SECONDS
            )
            if not ready:
                self._learn(SILENT)
                continue
            line = program.stdout.readline().decode().strip()
            if not line:
                self._learn(NO_PULSE)
                return
            self._learn(None if line == pulse.LIVES else line)

    def _learn(self, trouble: str | None) -> None:
        lost = self.lives and trouble is not None
        self.trouble = trouble
        if lost:
            self._when_lost()


def _start(marker: Path) -> "subprocess.Popen[bytes]":
    # Run by path and without site-packages, because as a module it would import all of `portal`.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", pulse.__file__, str(marker), str(INTERVAL_SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd="/",
        bufsize=0,
        # Ctrl-C in a terminal must reach only the parent process, which ends this one.
        process_group=0,
    )


def _end(program: "subprocess.Popen[bytes]") -> None:
    program.kill()
    for pipe in (program.stdin, program.stdout):
        if pipe:
            pipe.close()
    # While the mount hangs, the program can't end. No caller waits for this thread.
    program.wait()
