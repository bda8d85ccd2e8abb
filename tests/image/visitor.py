"""Neighbours of the instance: the load balancer, and somebody who should not reach it."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection

from tests.image.network import INSTANCE

PORT = 8443
SECONDS = 2


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


def get(path: str, *, seconds: float = 30) -> Answer:
    """Asks the portal as the load balancer does: TLS, with any certificate.

    Raises OSError when there is no answer.
    """
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = HTTPSConnection(INSTANCE, PORT, timeout=seconds, context=context)
    try:
        connection.request("GET", path, headers={"Host": "portal.settings.hospital.example"})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode())
    finally:
        connection.close()


def can_connect(address: tuple[str, int], *, source: str = "") -> bool:
    """Whether somebody answers; asked from one of this side's addresses."""
    try:
        with socket.create_connection(address, timeout=SECONDS, source_address=(source, 0)):
            return True
    except OSError:
        return False


@contextmanager
def listening_at(address: tuple[str, int]) -> Iterator[None]:
    """Somebody answers there, in the network where this thread stands."""
    with socket.create_server(address):
        yield


def open_sockets() -> set[str]:
    """`tcp address:port` of each listening socket, TCP and UDP, in this thread's network."""
    asked = ["ss", "--no-header", "--listening", "--tcp", "--udp", "--numeric"]
    shown = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    fields = [line.split() for line in shown.splitlines()]
    return {f"{protocol} {address}" for protocol, _, _, _, address, *_ in fields}
