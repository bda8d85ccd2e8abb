"""The only access to the mount: a few threads, a short queue, and a deadline.

A thread in a hanging file system can't be stopped, not even when the program ends. So request threads never
touch the mount: they pass operations to a few worker threads, and wait for the result until the deadline.
When all worker threads hang, they get an error at once.
"""

import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, Generic, TypeVar

from portal.shared_files.faults import Resting

THREADS = 4
PLACES = 32
"""How many operations may run or wait at once. Others get an error."""
PATIENCE_SECONDS = 2.0
"""Seconds: when every thread has been busy with one operation for longer, others get an error at once."""

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Errand(Generic[T]):
    """Work for a worker thread. A caller that gives up cancels the future."""

    work: Callable[[], T]
    undo: Callable[[T], Any] | None
    answer: Future[T]

    def run(self) -> None:
        if self.answer.cancelled():
            return
        try:
            result = self.work()
        except BaseException as error:
            with suppress(InvalidStateError):
                self.answer.set_exception(error)
            return
        try:
            self.answer.set_result(result)
        except InvalidStateError:
            if self.undo:
                # The caller has given up. If the work can't be undone, a sweep finds it later.
                with suppress(OSError):
                    self.undo(result)


class Door:
    """`lives` returns, without touching the mount, whether an attempt makes sense."""

    def __init__(
        self, *, seconds: float, lives: Callable[[], bool], threads: int = THREADS
    ) -> None:
        self._seconds, self._lives, self._size = seconds, lives, threads
        self._errands: SimpleQueue[Errand[Any] | None] = SimpleQueue()
        self._places = BoundedSemaphore(PLACES)
        self._lock = Lock()
        self._threads: list[Thread] = []
        self._waiting: set[Future[Any]] = set()
        self._begun: dict[Errand[Any], float] = {}

    def through(self, work: Callable[[], T], *, undo: Callable[[T], Any] | None = None) -> T:
        """Runs `work` in a worker thread; returns its result or raises its exception.

        Raises `Resting` at once when the mount is known to be unavailable or too many operations wait,
        otherwise after the deadline. The result of work that ends too late is passed to `undo`, in a worker
        thread.
        """
        if not self._lives() or self.held_fast() or not self._places.acquire(blocking=False):
            raise Resting
        try:
            return self._wait_for(Errand(work, undo, Future()))
        finally:
            self._places.release()

    def whenever(self, work: Callable[[], Any]) -> None:
        """Queues `work`, such as closing a file.

        Returns at once and never fails. It takes no lock, so finalizers may call it anywhere.
        """
        self._errands.put(Errand(work, None, Future()))

    def held_fast(self) -> bool:
        """Whether every thread has been busy with one operation for too long."""
        with self._lock:
            begun = list(self._begun.values())
        return len(begun) == self._size and time.monotonic() - max(begun) > PATIENCE_SECONDS

    def dismiss(self) -> None:
        """Makes all waiting callers raise `Resting` at once, because the mount is unavailable."""
        with self._lock:
            waiting = list(self._waiting)
        for answer in waiting:
            answer.cancel()

    def close(self) -> None:
        """Ends each thread as soon as it is free."""
        with self._lock:
            for _ in self._threads:
                self._errands.put(None)
            self._threads = []

    def _wait_for(self, errand: Errand[T]) -> T:
        with self._lock:
            self._waiting.add(errand.answer)
        self._start_threads()
        self._errands.put(errand)
        try:
            return errand.answer.result(self._seconds)
        except (TimeoutError, CancelledError):
            if errand.answer.cancel():
                raise Resting from None
            # The result came just now, or the work itself raised a TimeoutError.
            return errand.answer.result()
        finally:
            with self._lock:
                self._waiting.discard(errand.answer)

    def _start_threads(self) -> None:
        with self._lock:
            while len(self._threads) < self._size:
                # A daemon thread, because the process may end while the mount hangs.
                thread = Thread(target=self._serve, name="shared-files", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self) -> None:
        while errand := self._errands.get():
            with self._lock:
                self._begun[errand] = time.monotonic()
            errand.run()
            with self._lock:
                del self._begun[errand]
