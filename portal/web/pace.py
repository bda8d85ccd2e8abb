"""How many pages one account may open in a minute, in one process.

Each page adds an audit entry, which is never deleted. Pages are counted in memory, because a count in the
database would cost a write per page; so the limit of a fleet is a few times higher.
"""

import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

from portal.errors import TooMany

MINUTE = 60.0
TOO_FAST = "You have opened very many pages within a minute. Please wait a little."


class Pace:
    """Safe for several threads. `clock` returns seconds."""

    def __init__(self, allowed: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowed, self._clock = allowed, clock
        self._lock = Lock()
        self._began = clock()
        self._opened: Counter[str] = Counter()

    def count(self, who: str) -> None:
        """Counts one page. Raises `TooMany` beyond the limit."""
        with self._lock:
            now = self._clock()
            if now - self._began >= MINUTE:
                self._began, self._opened = now, Counter()
            self._opened[who] += 1
            if self._opened[who] > self._allowed:
                left = MINUTE - (now - self._began)
                raise TooMany(TOO_FAST, retry_after=max(1, round(left)))
