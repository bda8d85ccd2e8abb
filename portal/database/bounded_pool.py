"""Connections for some of a process's threads, so that the others stay free.

A database that stands still holds every thread that uses it, in a statement or while connecting. So
fewer threads than serve requests may be in it at once; everybody else is told at once.
"""

from typing import Any, cast

from flask import has_request_context
from sqlalchemy import Engine, event
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from portal.errors import Unavailable
from portal.places import Places
from portal.telemetry.measures import SHED, measured

SLOW_AFTER = 3.0
"""Seconds. A page has its connection for a few hundredths of one, a hundredth of all for a tenth."""

_PLACE = "place"


def places_among(threads: int) -> int:
    """How many of a process's threads may be in the database at once."""
    return max(1, threads * 3 // 4)


class BoundedPool(QueuePool):
    """A pool in which requests need a place, too. A pool that replaces it has the same places."""

    places: Places | None = None
    """None for no bound."""

    def connect(self) -> PoolProxiedConnection:
        """Raises `Unavailable` when requests have all places and don't get on."""
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
    """From now on so few of these threads may be in the database that some stay free."""
    places = Places(places_among(threads))
    cast("BoundedPool", engine.pool).places = places

    def give_back(_: Any, record: Any) -> None:
        if taken := record.record_info.pop(_PLACE, None):
            places.give_back(taken)

    event.listen(engine, "checkin", give_back)
