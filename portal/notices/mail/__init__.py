"""The transports of email: Amazon SES, SMTP, or the log in development."""

from email.message import EmailMessage
from typing import Protocol

from portal.notices.mail.console import Console
from portal.notices.mail.ses import Ses
from portal.notices.mail.smtp import Smtp
from portal.settings.configuration import Mail


class Transport(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Sends a message with one recipient; raises `Undelivered`."""

    def rest(self) -> None:
        """Called when the queue is empty; may close an open connection."""


def transport_for(mail: Mail) -> Transport:
    """The transport of the settings; raises `ConfigurationError` when they are not usable."""
    if mail.transport == "ses":
        return Ses()
    if mail.transport == "smtp":
        return Smtp(mail.smtp_url or "")
    return Console()
