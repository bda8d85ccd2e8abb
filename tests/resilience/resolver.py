"""A resolver in the place of the system's, which a test can let answer, fail or hang."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any


class Resolver:
    """Knows one address of every name. Each question is counted before it is answered."""

    def __init__(self) -> None:
        self.address = "127.0.0.1"
        self.fault: int | None = None
        self.questions = 0
        self._answers = Event()
        self._answers.set()

    def __call__(self, *_: Any, **__: Any) -> list[Any]:
        self.questions += 1
        self._answers.wait()
        if self.fault is not None:
            raise socket.gaierror(self.fault, "as the test wants it")
        return socket.getaddrinfo(self.address, None, type=socket.SOCK_STREAM)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Questions get no answer until the end; then those that were asked get theirs."""
        self._answers.clear()
        try:
            yield
        finally:
            self._answers.set()
