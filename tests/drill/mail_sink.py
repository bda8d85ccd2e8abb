"""Where the hospital's e-mail ends: a mail server that counts the copies of each message.

Two copies of one message have the same `Message-ID`, and a mail system may then keep one of them
(RFC 7352). Two messages about the same thing are what must never be.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.drill.network import Network
from tests.drill.settings import MAIL_PORT


class MailSink:
    """`copies` counts by Message-ID. While `gate` is shut, a message is neither taken nor refused."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()
        self.gate = Event()
        self.gate.set()
        self.waiting = Event()
        """Set once a message waits at the gate."""

    @property
    def messages(self) -> int:
        return len(self.copies)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        while not self.gate.is_set():
            self.waiting.set()
            await asyncio.sleep(0.01)
        if server.transport is None or server.transport.is_closing():
            return "451 whoever sent it has gone"
        self.copies[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        return "250 OK"


@contextmanager
def running_mail_sink(network: Network, place: str) -> Iterator[MailSink]:
    """On loopback of the place."""
    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=MAIL_PORT)
    with network.inside(place):
        controller.start()
    try:
        yield sink
    finally:
        sink.gate.set()
        with network.inside(place):
            controller.stop()
