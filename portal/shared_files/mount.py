"""The shared directory: its layout (`rooms.py`), its worker threads (`door.py`) and its watchdog."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from portal.shared_files.door import Door
from portal.shared_files.rooms import Rooms
from portal.shared_files.watchdog import Watchdog

HELD_FAST = "holds everybody up"

T = TypeVar("T")


class Mount:
    """Starts the worker threads and the watchdog at the first operation, not before."""

    def __init__(self, directory: Path, *, seconds: float) -> None:
        self.rooms = Rooms(directory)
        self.watchdog = Watchdog(self.rooms.marker, when_lost=lambda: self._door.dismiss())
        self._door = Door(seconds=seconds, lives=lambda: self.watchdog.lives)

    def do(self, work: Callable[[], T], *, undo: Callable[[T], Any] | None = None) -> T:
        """Runs `work` in a worker thread. Raises what `work` raises, and `faults`."""
        self.watchdog.start()
        return self._door.through(partial(self.rooms.translating, work), undo=undo)

    def whenever(self, work: Callable[[], Any]) -> None:
        """Queues `work`; never waits, never fails."""
        self._door.whenever(work)

    def trouble(self) -> str | None:
        """The known problem of the mount in a few words for an administrator, or None."""
        return self.watchdog.trouble or (HELD_FAST if self._door.held_fast() else None)

    def close(self) -> None:
        self.watchdog.close()
        self._door.close()


class Descriptor:
    """An open file that only worker threads close, and never during an operation on it.

    A write that hangs may continue long after its caller gave up. By then its descriptor must not belong to
    another file.
    """

    def __init__(self, path: Path, flags: int) -> None:
        self._number = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        self._holders = 1
        self._lock = Lock()

    def use(self, work: Callable[[int], T]) -> T:
        with self._lock:
            if not self._holders:
                raise ValueError("the file is closed")
            self._holders += 1
        try:
            return work(self._number)
        finally:
            self.let_go()

    def let_go(self) -> None:
        with self._lock:
            self._holders -= 1
            last = not self._holders
        if last:
            os.close(self._number)
