"""Clients in a closed loop: each sends its next request when it has received the last answer.

One thread serves all clients with raw sockets, so that measuring uses little processor time, which the
portal needs too. There are more connections than clients: a server's processes share connections
unevenly, and with few connections one process could be idle.
"""

import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

CONNECTIONS = 64
PATIENCE = 30
"""Stop a measurement after this many seconds without an answer."""


class Request(NamedTuple):
    """One HTTP request in raw bytes, and the status and words that its answer must have."""

    wire: bytes
    status: int = 200
    words: bytes = b""


class WrongAnswer(AssertionError):
    """The portal did not answer with the page to be measured."""


@dataclass
class Timing:
    """The results in seconds: the whole duration, and the time of each answer."""

    seconds: float = 0
    answers: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    def percentile(self, share: float) -> float:
        """The time in seconds within which this share of the answers came."""
        ordered = sorted(self.answers)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._sent_at = 0.0
        self._request = Request(b"")

    def send(self, request: Request) -> None:
        self._request, self._received = request, b""
        self._sent_at = time.perf_counter()
        self.socket.sendall(request.wire)

    def receive(self) -> float | None:
        """Seconds since the request was sent, when the whole answer has arrived."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise WrongAnswer(f"{self._asked()}: the connection was closed without an answer")
        self._received += chunk
        head, parted, body = self._received.partition(b"\r\n\r\n")
        if not parted or len(body) < _content_length(head):
            return None
        seconds = time.perf_counter() - self._sent_at
        self._check(head, body)
        return seconds

    def _check(self, head: bytes, body: bytes) -> None:
        status = int(head[9:12])
        if status != self._request.status or self._request.words not in body:
            raise WrongAnswer(f"{self._asked()}: {head.decode()}\n\n{body[:6000].decode()}")

    def _asked(self) -> str:
        return self._request.wire.partition(b"\r\n")[0].decode()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    raise WrongAnswer(f"an answer without a length: {head.decode()}")


def measure(port: int, requests: Iterator[Request], *, clients: int, seconds: float) -> Timing:
    """Sends requests until `seconds` have passed or no requests are left.

    Raises `WrongAnswer` for the first answer that is not what its request expects.
    """
    idle = deque(_Connection(port) for _ in range(CONNECTIONS))
    timing = Timing()
    with selectors.DefaultSelector() as selector:
        for connection in idle:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        try:
            _run(selector, idle, requests, timing, clients, seconds)
        finally:
            for key in list(selector.get_map().values()):
                key.data.socket.close()
    return timing


def _run(
    selector: selectors.BaseSelector,
    idle: "deque[_Connection]",
    requests: Iterator[Request],
    timing: Timing,
    clients: int,
    seconds: float,
) -> None:
    began = time.perf_counter()
    waiting = sum(_send_next(idle, requests) for _ in range(clients))
    while waiting:
        ready = selector.select(PATIENCE)
        if not ready:
            raise WrongAnswer(f"no answer within {PATIENCE} seconds")
        for key, _ in ready:
            answered_in = key.data.receive()
            if answered_in is None:
                continue
            timing.answers.append(answered_in)
            idle.append(key.data)
            waiting -= 1
            if time.perf_counter() - began < seconds:
                waiting += _send_next(idle, requests)
    timing.seconds = time.perf_counter() - began


def _send_next(idle: "deque[_Connection]", requests: Iterator[Request]) -> int:
    """1 when a request was sent, 0 when none is left."""
    request = next(requests, None)
    if request is None:
        return 0
    idle.popleft().send(request)
    return 1
