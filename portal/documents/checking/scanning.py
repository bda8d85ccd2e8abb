"""Scanning files with ClamAV: they are streamed to clamd, which needs no access to them."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO, cast

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket

from portal.documents.checking.pieces import Readable, in_pieces
from portal.errors import Unavailable

ANSWER_SECONDS = 30
"""Seconds for each step of the exchange with clamd."""


class ScannerAway(Unavailable):
    """There is no result yet; the file waits and is scanned later."""

    def __init__(self) -> None:
        super().__init__("The virus scanner is away. The document waits until it has been checked.")


def scan(file: Readable, *, address: str, seconds: float = 60) -> str | None:
    """The name of the virus; None when clamd finds nothing.

    `address` is clamd's socket: a path, or host:port. The file is read from its beginning, in pieces, and
    left open. Raises `ScannerAway` when clamd is unavailable, gives no clear answer, or needs longer than
    `seconds` to read the file; also errors of reading.
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
    """Whether clamd answers."""
    return _asked(address, ClamdNetworkSocket.ping) == "PONG"


def signatures_of(address: str) -> datetime | None:
    """The date of clamd's signatures; None when it is unavailable or does not report it.

    clamd's answer to VERSION is "ClamAV 1.4.3/27800/Tue Nov 24 09:00:00 2026", in its own time zone,
    which is assumed to be UTC; for signatures without a date, "ClamAV 1.4.3" alone.
    """
    _, _, made = _asked(address, ClamdNetworkSocket.version).rpartition("/")
    try:
        return datetime.strptime(made, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _asked(address: str, question: Callable[[ClamdNetworkSocket], str]) -> str:
    client = _clamd(address)
    try:
        return question(client)
    except (ClamdError, OSError, UnicodeError):
        return ""
    finally:
        # The library leaves the socket open when clamd does not listen.
        client.clamd_socket.close()


def _clamd(address: str) -> ClamdNetworkSocket:
    if address.startswith("/"):
        return ClamdUnixSocket(address, timeout=ANSWER_SECONDS)
    host, _, port = address.rpartition(":")
    return ClamdNetworkSocket(host.strip("[]"), int(port), timeout=ANSWER_SECONDS)


class _Timed:
    """The file that clamd's client reads; raises when the time is over."""

    def __init__(self, file: BinaryIO, seconds: float) -> None:
        self._file, self._end = file, time.monotonic() + seconds

    def read(self, length: int) -> bytes:
        if time.monotonic() > self._end:
            raise TimeoutError
        return self._file.read(length)
