"""A real SMTP server on loopback that keeps what it gets and answers as it is told."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

TAKEN = "250 OK"


class MailServer:
    """`rcpt_answer` and `data_answer` are what it says; while `gate` is shut it says nothing."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.encrypted: list[bool] = []
        self.signed_in: list[Any] = []
        self.connections = 0
        self.rcpt_answer = self.data_answer = TAKEN
        self.arrived = Event()
        self.gate = Event()
        self.gate.set()
        self.url = ""

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return answers

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.rcpt_answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.data_answer == TAKEN:
            self.messages.append(_parsed(envelope))
            self.encrypted.append(session.ssl is not None)
            self.signed_in.append(session.auth_data)
        self.arrived.set()
        while not self.gate.is_set():
            await asyncio.sleep(0.01)
        return self.data_answer


def _parsed(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content, policy=default)
    assert [message["To"]] == envelope.rcpt_tos
    return message


def _check_password(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    known = (data.login, data.password) == (b"portal@hospital", b"p/ss w:rd")
    return AuthResult(success=known, handled=False, auth_data=data.login)


@contextmanager
def running_mail_server(
    *,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    implicit_tls: bool = False,
    sign_in: bool = False,
) -> Iterator[MailServer]:
    """The server, with STARTTLS (or TLS from the start) when `tls` is given.

    `sign_in` asks for user and password.
    """
    server = MailServer()
    options: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None}
    if implicit_tls:
        options = {"ssl_context": tls}
    if sign_in:
        options |= {"authenticator": _check_password, "auth_required": True}
    with socket.create_server((host, 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(server, hostname=host, port=port, **options)
    controller.start()
    server.url = f"{'smtps' if implicit_tls else 'smtp'}://{host}:{port}"
    try:
        yield server
    finally:
        server.gate.set()
        controller.stop()
