"""The services around an instance: its metadata service, and an emulated AWS with published settings."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest

from boot_settings import __main__ as program
from tests.emulated_aws import REGION, EmulatedAws
from tests.image.metadata_service import MetadataService, serving
from tests.settings import ENVIRONMENT

PATH = "/medicare-hub/rehearsal/portal/"


class Hospital:
    """The published settings of the portal."""

    def __init__(self, url: str) -> None:
        client: Any = partial(boto3.client, region_name=REGION, endpoint_url=url)
        self.parameter_store = client("ssm")
        self.secrets_manager = client("secretsmanager")

    def publish(self, **parameters: str) -> None:
        for name, value in parameters.items():
            self.parameter_store.put_parameter(
                Name=PATH + name, Value=value, Type="SecureString", Overwrite=True
            )

    def publish_secret(self, name: str, text: str) -> None:
        made = self.secrets_manager.create_secret(Name=name, SecretString=text)
        self.publish(**{f"secrets/{name}": made["ARN"]})


@pytest.fixture
def hospital(aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch) -> Hospital:
    """Everything that the portal needs is published."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    hospital = Hospital(aws.url)
    secret = ("SECRET_KEY", "OIDC_CLIENT_SECRET")
    hospital.publish(**{name: text for name, text in ENVIRONMENT.items() if name not in secret})
    hospital.publish_secret("portal", json.dumps({name: ENVIRONMENT[name] for name in secret}))
    hospital.publish(**{"database/host": "database.internal", "database/name": "portal"})
    account = {"username": "portal", "password": "p@ss/word"}
    hospital.publish_secret("database", json.dumps(account))
    return hospital


@pytest.fixture
def metadata(monkeypatch: pytest.MonkeyPatch) -> Iterator[MetadataService]:
    service = MetadataService({"Project": "medicare-hub", "Environment": "rehearsal"})
    with serving(service, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.server_port}/latest"
        monkeypatch.setattr("boot_settings.instance.METADATA", address)
        yield service


@pytest.fixture
def run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program writes, and the settings from the image."""
    of_the_image = tmp_path / "settings.json"
    of_the_image.write_text(json.dumps({"TRUSTED_PROXIES": "1", "HOSPITAL_NAME": "The image's"}))
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setattr(program, "OF_THE_IMAGE", of_the_image)
    monkeypatch.setattr(program, "RUN", folder)
    monkeypatch.setattr(program, "RESTART", ("touch", str(folder / "restarted")))
    monkeypatch.setenv("PORTAL_SETTINGS_SECONDS", "0")
    return folder
