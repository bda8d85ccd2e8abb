"""Waiting for something that another thread or process does."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Whether it becomes true. The time limit only ends a test that fails."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
