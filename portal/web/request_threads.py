"""gunicorn's worker: `/health/live` is answered outside of the threads that serve requests.

A load balancer must not take an instance out because people's requests are slow. It is answered at
the same address and port, through the same door: a worker that takes up no connections, or whose
threads are all held for good, is still found out.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from portal.places import Places

LIVE = "/health/live"

WAITING = 64
"""Threads for requests that have come and wait for their turn. Each costs some tens of kilobytes."""


class RequestThreads(ThreadWorker):
    """Requests take turns in `--threads` places; a connection that is being read has a thread already."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._places = Places(self.cfg.threads)

    def get_thread_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=self.cfg.threads + WAITING)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Called in a thread of the pool, when a request's head has been read."""
        # As gunicorn does to a worker: no thread has taken up anything for so long, so it is not alive.
        hangs = self._places.stand_still(self.cfg.timeout)
        if req.path == LIVE and not hangs:
            return super().handle_request(req, conn)
        taken = self._places.take()
        try:
            return super().handle_request(req, conn)
        finally:
            self._places.give_back(taken)
