"""A crowd in its own process that keeps its connections: each moves a byte every few seconds."""

import multiprocessing
import resource
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.synchronize import Event

from tests.proxied_portal import tls
from tests.proxy.slow_peers import RECEIVED, Said

EVERY = 4.0
"""Seconds between two bytes. Each byte restarts the portal's time limits."""
_START = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Crowd:
    """What so many peers begin with, and whether they read a byte instead of sending one."""

    name: str
    number: int
    said: Said
    reads: bool = False
    idle: bool = False


class _Peer:
    def __init__(
        self, which: int, crowd: Crowd, port: int, encrypted: ssl.SSLContext | None
    ) -> None:
        self._which, self._crowd, self._port, self._encrypted = which, crowd, port, encrypted
        self._connection: socket.socket | None = None

    def move(self) -> None:
        """Moves a byte; connects again when the portal has ended the connection."""
        try:
            if self._connection is None:
                self._connect()
            elif self._crowd.reads:
                self._connection.recv(1)
            elif not self._crowd.idle:
                self._connection.sendall(b"x")
        except OSError:
            self.close()

    def _connect(self) -> None:
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED)
        plain.settimeout(2)
        plain.connect(("127.0.0.1", self._port))
        self._connection = self._encrypted.wrap_socket(plain) if self._encrypted else plain
        self._connection.sendall(self._crowd.said(self._which))
        if self._crowd.idle:
            self._connection.recv(65536)

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    @property
    def connected(self) -> bool:
        return self._connection is not None


def raise_limit_of_files() -> int:
    """As many as this process may have; returns how many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


@contextmanager
def besieged(port: int, crowd: Crowd, *, encrypted: bool = True) -> Iterator[None]:
    """The crowd is connected while the block runs."""
    ready, over = _START.Event(), _START.Event()
    process = _START.Process(target=_besiege, args=(port, crowd, encrypted, ready, over))
    process.start()
    try:
        ready.wait(300)
        yield
    finally:
        over.set()
        process.join()


def _besiege(port: int, crowd: Crowd, encrypted: bool, ready: Event, over: Event) -> None:
    context = tls() if encrypted else None
    peers = [_Peer(which, crowd, port, context) for which in range(crowd.number)]
    while not over.is_set():
        began = time.monotonic()
        for peer in peers:
            peer.move()
        if not ready.is_set():
            print(f"{crowd.name}: {sum(peer.connected for peer in peers)} connected", flush=True)
        ready.set()
        over.wait(max(0.0, began + EVERY - time.monotonic()))
    with suppress(OSError):
        for peer in peers:
            peer.close()
