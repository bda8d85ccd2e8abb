"""How an email leaves the hospital: Amazon SES, SMTP, or the log of a developer's machine."""

from email.message import EmailMessage
from typing import Protocol

from portal.notices.mail.console import Console
from portal.notices.mail.ses import Ses
from portal.notices.mail.smtp import Smtp
from portal.settings.configuration import Mail


class Transport(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hands over a message with one recipient; raises `Undelivered`."""

    def rest(self) -> None:
        """Nothing is left to send for the moment, so an open connection may be closed."""


def transport_for(mail: Mail) -> Transport:
    """The transport that the settings name; raises `ConfigurationError` when it can't be made."""
    if mail.transport == "ses":
        return Ses()
    if mail.transport == "smtp":
        return Smtp(mail.smtp_url or "")
    return Console()
