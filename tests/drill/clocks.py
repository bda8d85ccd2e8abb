"""A clock that can be moved: the time of day of the portal in a zone.

The monotonic clock, which measures durations, does not change, as when a real clock is stepped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import sleep

import time_machine

VARIABLE = "DRILL_CLOCK"
"""The variable that names the file with the clock's offset."""
LOOK_EVERY = 0.2


@dataclass(frozen=True)
class Clock:
    file: Path

    @classmethod
    def right(cls, file: Path) -> "Clock":
        clock = cls(file)
        clock.step(0)
        return clock

    def step(self, seconds: int) -> None:
        """Sets the clock this far ahead of the true time, or behind it."""
        draft = self.file.with_suffix(".new")
        draft.write_text(str(seconds))
        draft.rename(self.file)

    def environment(self) -> Mapping[str, str]:
        return {VARIABLE: str(self.file)}


def follow(file: Path) -> None:
    """From now on, this process's time of day has the offset that the file contains."""
    off = 0
    traveller = time_machine.travel(datetime.now(UTC), tick=True).start()

    def look() -> None:
        nonlocal off
        while True:
            wanted = int(file.read_text())
            if wanted != off:
                traveller.shift(timedelta(seconds=wanted - off))
                off = wanted
            sleep(LOOK_EVERY)

    Thread(target=look, daemon=True).start()
