"""gunicorn's worker: `/health/live` does not need one of the threads that serve requests.

A load balancer must not remove an instance because people's requests are slow. It uses the same address and
port, so a worker that accepts no connections, or whose threads all hang, is still noticed.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from portal.places import Places

LIVE = "/health/live"

WAITING = 64
"""Threads for requests that wait for their turn. Each costs some tens of kilobytes."""


class RequestThreads(ThreadWorker):
    """At most `--threads` requests run at the same time; more threads read and wait."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._places = Places(self.cfg.threads)

    def get_thread_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=self.cfg.threads + WAITING)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """gunicorn calls this in a thread of the pool after it has read the request's headers."""
        # The same rule as gunicorn's for a worker: no thread has started a request for this time, so it
        # hangs.
        hangs = self._places.stand_still(self.cfg.timeout)
        if req.path == LIVE and not hangs:
            return super().handle_request(req, conn)
        taken = self._places.take()
        try:
            return super().handle_request(req, conn)
        finally:
            self._places.give_back(taken)
