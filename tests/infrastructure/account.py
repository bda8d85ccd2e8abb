"""An emulated AWS account of one's own, in a process of its own, from its address to what stands in it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import requests

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-ansible" / "bin" / "python"
REGION = "eu-west-2"
REGIONS = (REGION, "us-east-1", "eu-west-1")
"""Where the playbooks make things: the hospital's region, CloudFront's, and that of the copies."""

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Account:
    """What stands in the emulated account at `url`, asked with boto3 or as a whole."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.empty = self.standing()

    @property
    def environment(self) -> dict[str, str]:
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.url}

    def client(self, service: str, region: str = REGION) -> Any:
        """boto3's client of `service`."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    def all(self, service: str, operation: str, key: str, **arguments: Any) -> list[Any]:
        """Everything that a listing operation returns under `key`, all pages of it."""
        client = self.client(service)
        if not client.can_paginate(operation):
            return list(getattr(client, operation)(**arguments)[key])
        pages = client.get_paginator(operation).paginate(**arguments)
        return [item for page in pages for item in page[key]]

    def standing(self) -> set[str]:
        """Everything that stands, whatever the service: one line each."""
        return set(self._ask(f"/hub/standing?regions={','.join(REGIONS)}"))

    def made(self) -> set[str]:
        """What stands that did not when the account was empty."""
        return self.standing() - self.empty

    def actions(self) -> set[str]:
        """Every action that a playbook asked for since the account began, as "service:Action"."""
        return set(self._ask("/hub/actions"))

    def let_days_pass(self, days: int) -> None:
        """For locks of backup vaults, and for what they hold."""
        self._ask(f"/hub/later?days={days}")

    def _ask(self, question: str) -> Any:
        answer = requests.get(self.url + question, timeout=60)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def empty_account() -> Iterator[Account]:
    """An account in which nothing stands, gone with the end of the block."""
    command = [PYTHON, "-m", "tests.infrastructure.emulated_aws"]
    environment = os.environ | {"PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        # The kernel stops the server when this process ends, however it ends.
        ["setpriv", "--pdeathsig", "TERM", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout
            yield Account(server.stdout.readline().strip())
        finally:
            server.terminate()
