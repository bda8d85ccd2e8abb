"""Another client of the database, which takes and keeps every connection that it can get."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

import pymysql

from tests.drill.database import Database
from tests.drill.network import Network

PLACE = "region"
PAUSE = 0.05
"""Seconds until it tries again to connect."""


class Crowd:
    """`refused` counts how often the server had no connection left."""

    def __init__(self, database: Database, account: str, password: str) -> None:
        self.refused = 0
        self._who: dict[str, Any] = {
            "host": database.address,
            "user": account,
            "password": password,
        }
        self._held: list[pymysql.Connection[pymysql.cursors.Cursor]] = []
        self._stop = Event()

    def press(self) -> None:
        while not self._stop.is_set():
            try:
                self._held.append(pymysql.connect(**self._who, connect_timeout=2))
            except pymysql.MySQLError:
                self.refused += 1
                time.sleep(PAUSE)

    def leave(self) -> None:
        self._stop.set()

    def let_go(self) -> None:
        for one in self._held:
            with suppress(pymysql.MySQLError, OSError):
                one.close()


@contextmanager
def crowd(network: Network, database: Database, account: str, password: str) -> Iterator[Crowd]:
    pressing = Crowd(database, account, password)

    def press() -> None:
        with network.inside(PLACE):
            pressing.press()

    thread = Thread(target=press, daemon=True)
    thread.start()
    try:
        yield pressing
    finally:
        pressing.leave()
        thread.join()
        pressing.let_go()
