"""How a connection to the database server is made, also while there is none to be had.

A request waits for a database that is away until its patience ends. A few may wait at once in a
process, so that threads stay free for what needs no database; everybody else is told at once.
"""

import random
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import Dialect

from portal.errors import Unavailable
from portal.measures import SHED, measured

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 4
"""Without these a database that vanished hangs a thread for a quarter of an hour."""

KNOCK_SECONDS = 1
"""For a connection while the database is known to be away: by then its name may lead elsewhere."""

MOST_WAITING = 6
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 0.4
"""Seconds between two attempts, at random: those who wait must not knock all together."""

KEEPALIVE = {
    socket.TCP_KEEPIDLE: 2,
    socket.TCP_KEEPINTVL: 1,
    socket.TCP_KEEPCNT: 3,
    socket.TCP_USER_TIMEOUT: 5000,
}
"""Seconds, seconds, times, milliseconds: a connection finds out by itself that the other end is gone."""

READ_ONLY_ERRORS = frozenset({1290, 1792, 1836})
"""An old primary after a failover: the connection works, but it is to the wrong server."""

AWAY_ERRORS = frozenset({1040, 1053, 2003, 2006, 2013}) | READ_ONLY_ERRORS
"""Nobody answers, or not for long, or not to us: asking again is right."""


class WaitingRoom:
    """Where threads wait for a database that is away; one for each engine."""

    def __init__(self, places: int = MOST_WAITING) -> None:
        self._places = BoundedSemaphore(places)
        self._away = False

    def connect(self, attempt: Callable[[int], Any], patience: Callable[[], float]) -> Any:
        """What `attempt`, told its time-out, returns; tried until `patience()` is used up. Seconds, both.

        Raises the last attempt's error, or `Unavailable` at once when too many are waiting already.
        """
        if not self._away:
            try:
                return attempt(CONNECT_SECONDS)
            except Exception as fault:
                if not is_away(fault):
                    raise
                self._away = True
                if patience() <= 0:
                    raise
        if not self._places.acquire(blocking=False):
            measured(SHED, RequestsShed=1)
            raise Unavailable
        try:
            return self._wait(attempt, patience)
        finally:
            self._places.release()

    def _wait(self, attempt: Callable[[int], Any], patience: Callable[[], float]) -> Any:
        while True:
            try:
                connection = attempt(KNOCK_SECONDS)
            except Exception as fault:
                pause = random.uniform(SHORTEST_PAUSE, LONGEST_PAUSE)  # noqa: S311
                if not is_away(fault) or patience() < pause:
                    raise
                time.sleep(pause)
            else:
                self._away = False
                return connection


def is_away(fault: Exception) -> bool:
    """Whether a driver's error says that there is no database to be had for the moment."""
    return bool(fault.args) and fault.args[0] in AWAY_ERRORS


def connect(dialect: Dialect, parameters: Mapping[str, Any]) -> Any:
    """A driver's connection to a server that takes writes; its name is looked up each time.

    Raises the driver's errors, 1290 for a server that is read-only.
    """
    connection = _connected(dialect, parameters)
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT @@global.read_only")
        (read_only,) = cursor.fetchone()
    if read_only:
        connection.close()
        raise _operational_error(dialect, 1290, "The server that answers takes no writes.")
    return connection


def _connected(dialect: Dialect, parameters: Mapping[str, Any]) -> Any:
    if dialect.driver != "pymysql" or "unix_socket" in parameters:
        return dialect.connect(**parameters)
    connection: Any = dialect.connect(**parameters, defer_connect=True)
    address = (connection.host, connection.port)
    try:
        found = socket.create_connection(address, parameters.get("connect_timeout"))
    except OSError as fault:
        raise _operational_error(dialect, 2003, type(fault).__name__) from None
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in KEEPALIVE.items():
        found.setsockopt(socket.IPPROTO_TCP, option, value)
    connection.connect(found)
    return connection


def _operational_error(dialect: Dialect, number: int, words: str) -> Exception:
    error: type[Exception] = dialect.loaded_dbapi.OperationalError
    return error(number, words)
