"""Places for a few threads at once, and how long those who have one have had it.

gunicorn's worker has some for requests (`web/request_threads.py`), and fewer of those threads may be
in the database (`database/bounded_pool.py`).
"""

import time
from threading import Condition


class Places:
    """`number` of them. Taking one returns the moment; giving it back needs that moment."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._taken: list[float] = []
        """When each was taken, the earliest first."""
        self._change = Condition()

    def take(self) -> float:
        """Waits for a place if need be."""
        with self._change:
            while self._full:
                self._change.wait()
            return self._take()

    def take_if_quick(self, seconds: float) -> float | None:
        """A place, waited for while half of those who have one have had it for less than so long.

        None when they have not: they stand still, and waiting is of no use.
        """
        with self._change:
            while self._full:
                left = self._taken[self._number // 2] + seconds - time.monotonic()
                if left <= 0:
                    return None
                self._change.wait(left)
            return self._take()

    def give_back(self, taken: float) -> None:
        with self._change:
            self._taken.remove(taken)
            self._change.notify()

    def stand_still(self, seconds: float) -> bool:
        """Whether all are taken, and nobody has come for so long."""
        with self._change:
            return self._full and time.monotonic() - self._taken[-1] > seconds

    @property
    def _full(self) -> bool:
        return len(self._taken) >= self._number

    def _take(self) -> float:
        taken = time.monotonic()
        self._taken.append(taken)
        return taken
