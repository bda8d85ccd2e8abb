"""A connection pool that only some of a process's threads may use, so that the others stay free.

When the database hangs, every thread that uses it hangs too. So only some of the threads that serve requests
may use it at the same time; the other requests fail at once.
"""

from typing import Any, cast

from flask import has_request_context
from sqlalchemy import Engine, event
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from portal.errors import Unavailable
from portal.places import Places
from portal.telemetry.measures import SHED, measured

SLOW_AFTER = 3.0
"""Seconds. A page usually keeps its connection for a few hundredths of a second; 1% for a tenth."""

_PLACE = "place"


def places_among(threads: int) -> int:
    """How many of a process's `threads` may use the database at the same time."""
    return max(1, threads * 3 // 4)


class BoundedPool(QueuePool):
    """A pool in which a request also needs a place. A pool that replaces it keeps the same places."""

    places: Places | None = None
    """None: no limit."""

    def connect(self) -> PoolProxiedConnection:
        """Raises `Unavailable` when all places are taken and the requests in them are stuck."""
        if self.places is None or not has_request_context():
            return super().connect()
        taken = self.places.take_if_quick(SLOW_AFTER)
        if taken is None:
            measured(SHED, RequestsShed=1)
            raise Unavailable
        try:
            connection = super().connect()
        except BaseException:
            self.places.give_back(taken)
            raise
        connection.record_info[_PLACE] = taken  # type: ignore[index]
        return connection

    def recreate(self) -> QueuePool:
        pool = cast("BoundedPool", super().recreate())
        pool.places = self.places
        return pool


def bound(engine: Engine, threads: int) -> None:
    """Limits how many of the `threads` may use the engine at the same time."""
    places = Places(places_among(threads))
    cast("BoundedPool", engine.pool).places = places

    def give_back(_: Any, record: Any) -> None:
        if taken := record.record_info.pop(_PLACE, None):
            places.give_back(taken)

    event.listen(engine, "checkin", give_back)
