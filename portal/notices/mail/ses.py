"""Amazon SES, API version 2, with the instance's own credentials."""

from email.message import EmailMessage

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from portal.errors import ConfigurationError
from portal.notices.mail.undelivered import LATER, MESSAGE, UNREACHABLE, Undelivered

PERMANENT = frozenset({"MessageRejected", "BadRequestException"})

# If a response is lost, a retry by boto3 would send the message twice.
ONCE = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1})


class Ses:
    def __init__(self) -> None:
        try:
            self._client = boto3.client("sesv2", config=ONCE)
        except NoRegionError:
            raise ConfigurationError(
                "MAIL_TRANSPORT is ses, but no region is set. Set AWS_DEFAULT_REGION to the one"
                " in which SES may send from MAIL_FROM, such as eu-west-2."
            ) from None

    def send(self, message: EmailMessage) -> None:
        try:
            self._client.send_email(
                Destination={"ToAddresses": [str(message["To"])]},
                Content={"Raw": {"Data": message.as_bytes()}},
            )
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] in PERMANENT:
                raise Undelivered(MESSAGE, permanent=True) from None
            raise Undelivered(LATER, everywhere=True) from None
        except BotoCoreError:
            raise Undelivered(UNREACHABLE, everywhere=True) from None

    def rest(self) -> None:
        """boto3 manages its own connections."""
