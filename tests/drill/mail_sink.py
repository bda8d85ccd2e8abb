"""Where the hospital's email ends: a mail server that keeps what each message says of itself.

Two copies of one message have the same `Message-ID`, and a mail system may then keep one of them
(RFC 7352). Two messages about the same thing are what must never be.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.drill.network import Network
from tests.drill.settings import MAIL_PORT

OCCASIONS = {
    "Appointment booked": "booked",
    "New time for an appointment": "moved",
    "Appointment cancelled": "cancelled",
    "Reminder of an appointment": "reminder",
}
"""What each subject begins with."""


@dataclass(frozen=True)
class Mail:
    """One copy of one message, as it came."""

    message_id: str
    to: str
    occasion: str

    @classmethod
    def of(cls, message: Message) -> "Mail":
        subject = str(message["Subject"])
        occasions = [occasion for words, occasion in OCCASIONS.items() if subject.startswith(words)]
        return cls(str(message["Message-ID"]), str(message["To"]), (occasions or [subject])[0])


class MailSink:
    """While `gate` is shut, a message is neither taken nor refused."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.gate = Event()
        self.gate.set()
        self.waiting = Event()
        """Set once a message waits at the gate."""

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        while not self.gate.is_set():
            self.waiting.set()
            await asyncio.sleep(0.01)
        if server.transport is None or server.transport.is_closing():
            return "451 the sender has gone"
        self.mails.append(Mail.of(message_from_bytes(envelope.content)))
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
