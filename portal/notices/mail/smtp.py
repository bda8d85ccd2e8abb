"""SMTP (RFC 5321) with TLS: `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`."""

import smtplib
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from portal.notices.mail.undelivered import ADDRESS, LATER, MESSAGE, UNREACHABLE, Undelivered

SECONDS = 10
"""Seconds for each exchange with the server."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SIGN_IN = "The mail service does not accept our user name and password."
SENDER = "The mail service does not accept the hospital's own address."
NO_TLS = "The mail service does not offer an encrypted connection."


class Smtp:
    """One connection, open while there are messages to send. Not thread-safe."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._implicit_tls = address.scheme == "smtps"
        self._host = address.hostname or ""
        self._port = address.port or (465 if self._implicit_tls else 587)
        self._user = unquote(address.username or "")
        self._password = unquote(address.password or "")
        self._tls = ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        connection = self._connected()
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            raise self._refused(ADDRESS, *codes) from None
        except smtplib.SMTPNotSupportedError:
            raise self._refused(ADDRESS, 553) from None
        except smtplib.SMTPSenderRefused:
            raise self._gone(SENDER) from None
        except smtplib.SMTPResponseException as refusal:
            raise self._refused(MESSAGE, refusal.smtp_code) from None
        except (smtplib.SMTPException, OSError):
            raise self._gone(UNREACHABLE) from None

    def rest(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and not self._still_answers(self._connection):
            self._connection = None
        if self._connection is None:
            try:
                self._connection = self._connect()
            except smtplib.SMTPAuthenticationError:
                raise self._gone(SIGN_IN) from None
            except (smtplib.SMTPException, OSError):
                raise self._gone(UNREACHABLE) from None
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        # Without a name, smtplib asks the resolver for it, which may hang.
        name = socket.gethostname()
        if self._implicit_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, name, timeout=SECONDS, context=self._tls
            )
        else:
            connection = smtplib.SMTP(self._host, self._port, name, timeout=SECONDS)
        try:
            self._introduce(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=self._tls)
        elif not self._implicit_tls and self._host not in LOOPBACK:
            raise self._gone(NO_TLS)
        if self._user:
            connection.login(self._user, self._password)

    @staticmethod
    def _still_answers(connection: smtplib.SMTP) -> bool:
        try:
            return connection.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            connection.close()
            return False

    def _refused(self, words: str, *codes: int) -> Undelivered:
        """RFC 5321, 4.2.1: 4yz means try again later, 5yz is final."""
        self.rest()
        if any(code < 500 for code in codes):
            return Undelivered(LATER)
        return Undelivered(words, permanent=True)

    def _gone(self, words: str) -> Undelivered:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        return Undelivered(words, everywhere=True)
