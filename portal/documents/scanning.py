"""Files shown to ClamAV: streamed to clamd, which needs no access to the shared file system."""

import time
from typing import BinaryIO, cast

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket

from portal.documents.pieces import Readable, in_pieces
from portal.errors import Unavailable

ANSWER_SECONDS = 30
"""For each single step of the talk with clamd."""


class ScannerAway(Unavailable):
    """Nobody can say whether the file is clean: it waits, and is scanned later."""

    def __init__(self) -> None:
        super().__init__("The virus scanner is away. The document waits until it has been checked.")


def scan(file: Readable, *, address: str, seconds: float = 60) -> str | None:
    """None when clamd finds nothing; else the name of what it found.

    `address` is clamd's socket: a path, or host:port. The file is read from its beginning, in pieces,
    and left open. Raises `ScannerAway` when clamd is not there, does not say a clear word, or takes
    longer than `seconds` to take the file; and what reading the file raises.
    """
    try:
        with in_pieces(file) as readable:
            answer = _clamd(address).instream(cast("BinaryIO", _Timed(readable, seconds)))
    except (ClamdError, OSError, UnicodeError) as error:
        raise ScannerAway from error
    verdict, found = answer.get("stream", ("", None))
    if verdict == "OK":
        return None
    if verdict == "FOUND" and found:
        return found
    raise ScannerAway


def answers(address: str) -> bool:
    """Whether clamd is there."""
    client = _clamd(address)
    try:
        return client.ping() == "PONG"
    except (ClamdError, OSError, UnicodeError):
        return False
    finally:
        # When nobody listens, the library leaves it open.
        client.clamd_socket.close()


def _clamd(address: str) -> ClamdNetworkSocket:
    if address.startswith("/"):
        return ClamdUnixSocket(address, timeout=ANSWER_SECONDS)
    host, _, port = address.rpartition(":")
    return ClamdNetworkSocket(host.strip("[]"), int(port), timeout=ANSWER_SECONDS)


class _Timed:
    """What clamd's client reads from, until the time is over."""

    def __init__(self, file: BinaryIO, seconds: float) -> None:
        self._file, self._end = file, time.monotonic() + seconds

    def read(self, length: int) -> bytes:
        if time.monotonic() > self._end:
            raise TimeoutError
        return self._file.read(length)
