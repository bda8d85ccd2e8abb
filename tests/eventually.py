"""Waits for something that another thread or process does."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Whether it becomes true. Only failing tests reach the time limit."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
