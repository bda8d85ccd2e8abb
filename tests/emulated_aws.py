"""The AWS services that the portal uses, emulated by moto in a thread, on loopback."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import requests
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer
from moto.ses.models import RawMessage, ses_backends

REGION = "eu-west-2"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class EmulatedAws:
    """The address of the emulator, and queries that only tests need."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def environment(self) -> Mapping[str, str]:
        """For boto3, in this process or another."""
        return {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": self.url,
            "AWS_ENDPOINT_URL_SESV2": self.url,
        }

    def reset(self) -> None:
        requests.post(f"{self.url}/moto-api/reset", timeout=10).raise_for_status()

    def sent_mails(self) -> list[RawMessage]:
        """The messages that SES received, with their `destinations` and `raw_data`."""
        return list(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)


@contextmanager
def emulated_aws() -> Iterator[EmulatedAws]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _, port = server.get_host_and_port()
        yield EmulatedAws(f"http://127.0.0.1:{port}")
    finally:
        server.stop()
