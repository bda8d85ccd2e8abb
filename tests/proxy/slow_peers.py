"""Peers that open a connection, send a part of their request, and then let the portal wait."""

import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.proxied_portal import tls

OPENING = 16
"""Connections that are opened in parallel."""
RECEIVED = 4096
"""A slow reader's buffer in bytes. The rest of an answer waits in the portal."""

Said = Callable[[int], bytes]
"""What the peer with this number sends."""


def address_of(number: int) -> str:
    """Each peer has another client address, as behind a load balancer."""
    return f"198.51.{number // 250}.{number % 250 + 1}"


def head(line: str, number: int, *fields: str) -> bytes:
    """A request's head without the empty line at its end."""
    named = ("Host: 127.0.0.1", f"X-Forwarded-For: {address_of(number)}", *fields)
    return "\r\n".join([f"{line} HTTP/1.1", *named, ""]).encode()


def half_sent_headers(number: int) -> bytes:
    return head("GET /", number, "Cookie: portal")


def a_slow_form(number: int) -> bytes:
    """To a page that needs no sign-in."""
    return _slow_body("/sign-out", number)


def a_slow_upload(number: int) -> bytes:
    return _slow_body(f"/patients/{'0' * 20}/documents/new", number)


def a_slow_chunked_form(number: int) -> bytes:
    return head("POST /sign-out", number, "Transfer-Encoding: chunked") + b"\r\n400\r\nxx"


def _slow_body(path: str, number: int) -> bytes:
    kind = "Content-Type: application/x-www-form-urlencoded"
    return head(f"POST {path}", number, kind, "Content-Length: 900000") + b"\r\nx="


def asking_for(path: str) -> Said:
    return lambda number: head(f"GET {path}", number) + b"\r\n"


@dataclass
class Peer:
    """An open connection, and what was received on it."""

    connection: ssl.SSLSocket
    answer: bytes = b""
    closed: bool = False

    @property
    def waits(self) -> bool:
        """Whether the portal has neither answered nor closed the connection."""
        self.connection.setblocking(False)
        with suppress(ssl.SSLWantReadError):
            came = self.connection.recv(1000)
            self.answer += came
            self.closed = not came
        return not self.answer and not self.closed


@contextmanager
def slow_peers(host: str, port: int, number: int, said: Said) -> Iterator[list[Peer]]:
    """Opens this many TLS connections. Each sends `said` and nothing more."""
    context = tls()

    def connect(which: int) -> Peer:
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED)
        plain.settimeout(30)
        plain.connect((host, port))
        peer = context.wrap_socket(plain)
        peer.sendall(said(which))
        return Peer(peer)

    with ThreadPoolExecutor(OPENING) as pool:
        peers = list(pool.map(connect, range(number)))
    try:
        yield peers
    finally:
        for peer in peers:
            peer.connection.close()


def waiting(peers: list[Peer]) -> int:
    """The number of connections without an answer."""
    return sum(peer.waits for peer in peers)
