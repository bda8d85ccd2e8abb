"""A fixed number of places for threads, and how long each place has been in use.

One set limits the requests of a worker (`web/request_threads.py`), a smaller one the threads that may use the
database at the same time (`database/bounded_pool.py`).
"""

import time
from threading import Condition


class Places:
    """A semaphore of `number` places. `take` returns a monotonic time, which `give_back` needs."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._taken: list[float] = []
        """When each place was taken, oldest first."""
        self._change = Condition()

    def take(self) -> float:
        """Takes a place; waits until one is free."""
        with self._change:
            while self._full:
                self._change.wait()
            return self._take()

    def take_if_quick(self, seconds: float) -> float | None:
        """Takes a place; waits as long as at least half of the places were taken less than `seconds` ago.

        Otherwise the work is stuck and waiting is useless: returns None.
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
        """Whether all places are taken and the newest was taken more than `seconds` ago."""
        with self._change:
            return self._full and time.monotonic() - self._taken[-1] > seconds

    @property
    def _full(self) -> bool:
        return len(self._taken) >= self._number

    def _take(self) -> float:
        taken = time.monotonic()
        self._taken.append(taken)
        return taken
