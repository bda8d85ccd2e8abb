"""Connecting to the database server, also while it is away.

A request waits for a database that is away until its patience ends; `bounded_pool.py` says how many
may wait at once.
"""

import random
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from typing import Any

from sqlalchemy import Dialect

from portal.database.names import Name

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 4
"""Without these, a thread waits a quarter of an hour for a database that has vanished."""

LOCK_SECONDS = 3
"""For a row or a table that somebody holds: less than a statement has, or it would look like a database
that is away, and the statement would go on waiting in the server."""

SILENT_SECONDS = 45
"""After so long without a statement the server ends a connection, and its transaction with it. The
locks of an instance whose zone has died would stay for as long."""

KNOCK_SECONDS = 1
"""For a connection while the database is known to be away. Its name may soon point elsewhere."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 0.4
"""Random seconds between two attempts, so that not all who wait try at the same moment."""

KEEPALIVE = {
    socket.TCP_KEEPIDLE: 2,
    socket.TCP_KEEPINTVL: 1,
    socket.TCP_KEEPCNT: 3,
    socket.TCP_USER_TIMEOUT: 5000,
}
"""Seconds, seconds, times, milliseconds. The connection notices by itself that its other end is gone."""

STRICT = (
    "CONCAT_WS(',', NULLIF(@@sql_mode, ''), 'STRICT_TRANS_TABLES',"
    " 'NO_ZERO_IN_DATE', 'NO_ZERO_DATE', 'ERROR_FOR_DIVISION_BY_ZERO')"
)
"""A server with a lax sql_mode would silently cut a name that is too long."""

READ_ONLY_ERRORS = frozenset({1290, 1792, 1836})
"""An old primary after a failover: the connection works, but to the wrong server."""

AWAY_ERRORS = frozenset({1040, 1053, 2003, 2006, 2013}) | READ_ONLY_ERRORS
"""No server answers, or it is about to stop, or it is the wrong one: try again."""


LOCK_WAIT, DEADLOCK = 1205, 1213
"""Errors of a transaction that gave way to another: nothing of it is kept."""


class WaitingRoom:
    """Where threads wait for a database that is away; one for each engine."""

    def __init__(self) -> None:
        self._away = False

    def connect(self, attempt: Callable[[int], Any], patience: Callable[[], float]) -> Any:
        """What `attempt` returns, which is given its time-out; tried until `patience()` is used up.
        Both in seconds.

        Raises the last attempt's error.
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
        return self._wait(attempt, patience)

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
    """Whether a driver's error says that no database can be reached for the moment."""
    return bool(fault.args) and fault.args[0] in AWAY_ERRORS


def connect(
    dialect: Dialect, parameters: Mapping[str, Any], name: Name, *, table_seconds: int | None = None
) -> Any:
    """A driver's connection to a server that takes writes, at one of the name's addresses.

    It waits for a table for `table_seconds`, if given, instead of `LOCK_SECONDS`. Raises the driver's
    errors, 1290 for a server that is read-only.
    """
    values = {
        "sql_mode": STRICT,
        "wait_timeout": SILENT_SECONDS,
        "innodb_lock_wait_timeout": LOCK_SECONDS,
        "lock_wait_timeout": table_seconds or LOCK_SECONDS,
    }
    connection, address = _connected(dialect, parameters, name)
    with closing(connection.cursor()) as cursor:
        cursor.execute("SET SESSION " + ", ".join(f"{name} = {it}" for name, it in values.items()))
        cursor.execute("SELECT @@global.read_only")
        (read_only,) = cursor.fetchone()
    if read_only:
        name.forget()
        connection.close()
        raise _operational_error(dialect, 1290, "The server that answers takes no writes.")
    if address:
        name.takes_writes_at(address)
    return connection


def _connected(
    dialect: Dialect, parameters: Mapping[str, Any], name: Name
) -> tuple[Any, str | None]:
    """The connection, and the address if we know it: mysqlclient looks the name up by itself."""
    if dialect.driver != "pymysql" or "unix_socket" in parameters:
        return dialect.connect(**parameters), None
    connection: Any = dialect.connect(**parameters, defer_connect=True)
    try:
        line, address = _line_to(name, connection.port, parameters.get("connect_timeout"))
    except OSError as fault:
        raise _operational_error(dialect, 2003, type(fault).__name__) from None
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in KEEPALIVE.items():
        line.setsockopt(socket.IPPROTO_TCP, option, value)
    # TLS checks the certificate against `connection.host`, the name, whatever the address is.
    connection.connect(line)
    return connection, address


def _line_to(name: Name, port: int, seconds: float | None) -> tuple[socket.socket, str]:
    """A socket to the first of the addresses that answers, and that address. Raises OSError."""
    *others, last = name.addresses()
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), seconds), address
    return socket.create_connection((last, port), seconds), last


def _operational_error(dialect: Dialect, number: int, words: str) -> Exception:
    error: type[Exception] = dialect.loaded_dbapi.OperationalError
    return error(number, words)
