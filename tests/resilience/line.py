"""A line between the portal and its database that a test can cut, darken, or make lose one answer."""

import socket
import time
from contextlib import suppress
from threading import Event, Thread

COMMIT = b"\x07\x00\x00\x00\x03COMMIT"
"""As PyMySQL sends it: length 7, sequence 0, COM_QUERY."""


class Line:
    """Listens on `port` of loopback and forwards to `target` there."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._lit = Event()
        self._ends: list[socket.socket] = []
        self._pass = self._swallow = 0
        self.swallowed = Event()
        self._listener: socket.socket | None = None
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self.open()

    def open(self) -> None:
        """Everything goes through; new connections, if it was cut."""
        self._lit.set()
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Every connection breaks, new ones are refused."""
        listener, self._listener = self._listener, None
        if listener is not None:
            _close(listener)
        self.break_all()

    def break_all(self) -> None:
        """Every connection breaks; new ones are welcome."""
        for end in self._ends:
            _close(end)
        self._ends.clear()

    def darken(self) -> None:
        """Nothing is answered and nothing refused, as when a zone has gone dark."""
        self._lit.clear()

    def lose_replies_of_commits(self, number: int = 1, *, after: int = 0) -> None:
        """The next COMMITs reach the server; instead of its answer the connection breaks.

        The first `after` of them are answered.
        """
        self._pass, self._swallow = after, number
        self.swallowed.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        self._lit.wait()
        server = socket.create_connection(("127.0.0.1", self._target))
        self._ends += [client, server]
        lost = Event()
        Thread(target=self._to_client, args=(server, client, lost), daemon=True).start()
        self._to_server(client, server, lost)

    def _to_server(self, client: socket.socket, server: socket.socket, lost: Event) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                self._lit.wait()
                if data == COMMIT and self._is_to_lose():
                    lost.set()
                server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)

    def _is_to_lose(self) -> bool:
        if self._pass:
            self._pass -= 1
            return False
        self._swallow -= 1
        return self._swallow >= 0

    def _to_client(self, server: socket.socket, client: socket.socket, lost: Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                self._lit.wait()
                if lost.is_set():
                    _close(client)
                    self.swallowed.set()
                    return
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def seconds_of(started: float) -> float:
    return time.monotonic() - started
