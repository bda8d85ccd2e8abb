"""Fixtures: a portal behind nginx, one for all tests of a module, and who asks it."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.proxied_portal import Proxied, proxied, tls

CHECK_SECONDS = 15
"""Only so that a test ends: nginx gives up slow peers later than that, and frees what they held."""


class Answer:
    """A status, headers and the whole body."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.body = response.read()


def asked(instance: Proxied, path: str, *, seconds: float = 30, **options: Any) -> Answer:
    """One request on its own connection; `options` as of http.client."""
    connection = http.client.HTTPSConnection(
        "127.0.0.1", instance.port, timeout=seconds, context=tls()
    )
    try:
        connection.request(options.pop("method", "GET"), path, **options)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def sent(instance: Proxied, wire: bytes) -> bytes:
    """What comes back to these bytes until the connection is closed."""
    with (
        socket.create_connection(("127.0.0.1", instance.port), timeout=30) as plain,
        tls().wrap_socket(plain) as peer,
    ):
        peer.sendall(wire)
        return everything(peer)


def sent_past_nginx(instance: Proxied, wire: bytes) -> bytes:
    """The same on gunicorn's own port."""
    with socket.create_connection(("127.0.0.1", instance.portal.port), timeout=30) as peer:
        peer.sendall(wire)
        return everything(peer)


def everything(peer: socket.socket) -> bytes:
    return b"".join(iter(lambda: peer.recv(65536), b""))


def lines_of_requests(instance: Proxied) -> list[dict[str, Any]]:
    """What gunicorn logged of the requests that came through."""
    lines = (json.loads(line) for line in (instance.folder / "log").read_text().splitlines())
    return [line for line in lines if "Route" in line]


@pytest.fixture(scope="module")
def instance(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    with proxied(database_url, tmp_path_factory.mktemp("proxied")) as instance:
        yield instance


@pytest.fixture
def lives(instance: Proxied, database: Session) -> Callable[[], list[int]]:
    """Asks as often as a load balancer does within a minute, and for as many pages."""

    def answers() -> list[int]:
        checks = [asked(instance, "/health/live", seconds=CHECK_SECONDS).status for _ in range(12)]
        return checks + [asked(instance, "/sign-in").status for _ in range(12)]

    return answers
