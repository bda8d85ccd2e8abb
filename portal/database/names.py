"""The database's name: where it leads, also while no name server answers.

The name is looked up for each connection, because after a failover it leads to another server. A
look-up can't be interrupted, so it runs in a thread, and nobody waits for it longer than a moment.
"""

import logging
import time
from concurrent.futures import Future
from socket import EAI_NODATA, EAI_NONAME, SOCK_STREAM, gaierror, getaddrinfo
from threading import Lock, Thread

LOOK_UP_SECONDS = 1.0
"""From its beginning, after which the kept address is used. One that is later is still learned from."""

LONGEST_LOOK_UP_SECONDS = 5.0
"""When no address is kept."""

NO_SUCH_NAME = frozenset({EAI_NONAME, EAI_NODATA})
"""A name server's answer, not its silence."""

log = logging.getLogger(__name__)


class Name:
    """A server's name, and the last of its addresses where a server took writes; one for each engine.

    That address is kept only as long as it is among those of the last answer, so it is never that of
    a server that the name has left.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._answer: tuple[str, ...] = ()
        self._kept: str | None = None
        self._lock = Lock()
        self._asked: Future[tuple[str, ...]] | None = None
        self._asked_at = 0.0

    def addresses(self) -> tuple[str, ...]:
        """Where the name leads; the kept address if the look-up fails or takes too long.

        Raises OSError when there is none.
        """
        asked, asked_at = self._look_up()
        limit = LONGEST_LOOK_UP_SECONDS if self._kept is None else LOOK_UP_SECONDS
        try:
            return asked.result(max(0.0, asked_at + limit - time.monotonic()))
        except OSError as fault:
            kept = self._kept
            if kept is None:
                raise
            log.warning("the database's name can't be looked up: %s", type(fault).__name__)
            return (kept,)

    def takes_writes_at(self, address: str) -> None:
        """Keeps the address. Call it once the server there was asked."""
        with self._lock:
            if address in self._answer:
                self._kept = address

    def forget(self) -> None:
        """Keeps no address: a server was promoted, and only a look-up says where it is."""
        with self._lock:
            self._kept = None

    def _look_up(self) -> tuple[Future[tuple[str, ...]], float]:
        """The look-up that is under way, or a new one; and when it began."""
        with self._lock:
            if self._asked is None or self._asked.done():
                asked: Future[tuple[str, ...]] = Future()
                Thread(target=self._ask, args=(asked,), daemon=True).start()
                self._asked, self._asked_at = asked, time.monotonic()
            return self._asked, self._asked_at

    def _ask(self, asked: Future[tuple[str, ...]]) -> None:
        try:
            found = getaddrinfo(self._host, None, type=SOCK_STREAM)
        except Exception as fault:
            if isinstance(fault, gaierror) and fault.errno in NO_SUCH_NAME:
                self._learn(())
            asked.set_exception(fault)
        else:
            answer = tuple(dict.fromkeys(str(where[0]) for *_, where in found))
            self._learn(answer)
            asked.set_result(answer)

    def _learn(self, answer: tuple[str, ...]) -> None:
        with self._lock:
            self._answer = answer
            if self._kept not in answer:
                self._kept = None
