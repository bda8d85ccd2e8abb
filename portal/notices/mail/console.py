"""For development: writes messages to the log. Production refuses to start with it."""

import logging
from email.message import EmailMessage

log = logging.getLogger(__name__)


class Console:
    def send(self, message: EmailMessage) -> None:
        body = message.get_body(preferencelist=("plain",))
        text = body.get_content() if body else ""
        log.info("an email to %s: %s\n\n%s", message["To"], message["Subject"], text)

    def rest(self) -> None:
        """Has no connection to close."""
