"""Waiting for what another thread or process does in its own time."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Whether it comes true. The time is only there to end a test that fails."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
