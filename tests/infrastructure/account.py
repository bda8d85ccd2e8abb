"""A separate emulated AWS account, in its own process: its address, and what exists in it."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

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
    """The emulated account at `url`: single things through boto3, or everything at once."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.empty = self.standing()
        self.of_copies: set[str] = set()

    @property
    def environment(self) -> dict[str, str]:
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.url}

    def client(self, service: str, region: str = REGION) -> Any:
        """boto3's client of `service`."""
        make: Any = boto3.client
        return make(
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
        """Everything that exists, in all services: one line each."""
        return set(self._ask(f"/hub/standing?regions={','.join(REGIONS)}"))

    def made(self) -> set[str]:
        """What exists now and did not when the account was empty."""
        return self.standing() - self.empty

    def actions(self) -> set[str]:
        """Every action that a playbook asked for here and in copies, as "service:Action"."""
        return set(self._ask("/hub/actions")) | self.of_copies

    def let_days_pass(self, days: int) -> None:
        """For locks of backup vaults, and for what they hold."""
        self._ask(f"/hub/later?days={days}")

    @contextmanager
    def copied(self) -> Iterator["Account"]:
        """A copy of it with everything in it, gone at the end of the block. Nothing may run meanwhile."""
        copy = Account(self._ask("/hub/copy"))
        try:
            yield copy
        finally:
            self.of_copies |= copy.actions()
            copy._ask("/hub/end")

    @contextmanager
    def suffers(self, **misfortunes: str | int | Iterable[str]) -> Iterator[None]:
        """Trouble in the account within the block: `emulated_aws/misfortunes.py` lists what is possible."""
        self._ask(f"/hub/suffer?{urlencode(misfortunes, doseq=True)}")
        try:
            yield
        finally:
            self._ask("/hub/suffer")

    def _ask(self, question: str) -> Any:
        answer = requests.get(self.url + question, timeout=60)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def empty_account() -> Iterator[Account]:
    """An empty account, gone at the end of the block."""
    command = [str(PYTHON), "-m", "tests.infrastructure.emulated_aws"]
    environment = os.environ | {"PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        # The kernel stops the server when this process ends for any reason.
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
