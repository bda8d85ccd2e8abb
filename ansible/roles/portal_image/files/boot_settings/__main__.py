"""Run by portal-settings.service, at boot and every few minutes.

The settings are only replaced by settings with which the portal would start. The last good ones stay when
AWS is away or when somebody published a mistake. Settings are never written to a disk.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from boot_settings import environment_file
from boot_settings.instance import Instance, this_instance
from boot_settings.published import Unfit, published_settings
from portal.errors import ConfigurationError
from portal.settings.configuration import Settings

OF_THE_IMAGE = Path("/etc/medicare-hub/settings.json")
RUN = Path("/run/medicare-hub")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
AWAY = (OSError, BotoCoreError, ClientError)
CLIENT = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 1})
RESTART = ("systemctl", "--no-block", "try-restart", "portal.service", "portal-worker.service")


def main() -> int:
    """The exit status: 0 when there are settings to start with, new or the last good ones."""
    portal = RUN / "portal.env"
    try:
        text = _persistently()
    except (*AWAY, Unfit, ConfigurationError) as fault:
        _tell("error", _explained(fault))
        if portal.exists():
            _tell("warning", "The last good settings stay in use.")
            return 0
        return 1
    if text is not None and _take_up(portal, text):
        _tell("info", "The portal's settings are in place.")
    return 0


def _persistently() -> str | None:
    """The settings as a file; None if no portal runs here. Retries until the deadline."""
    patience = float(os.environ.get("PORTAL_SETTINGS_SECONDS", "60"))
    deadline, pause = time.monotonic() + patience, FIRST_PAUSE
    while True:
        try:
            return _fetch()
        except AWAY as fault:
            if time.monotonic() + pause > deadline:
                raise
            _tell("warning", f"{_explained(fault)} Asking again.")
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _fetch() -> str | None:
    instance = this_instance()
    if not instance.serves:
        _write_for_the_instance(instance, {})
        (RUN / "other-purpose").touch()
        return None
    aws = boto3.session.Session(region_name=instance.region)
    published = published_settings(
        f"{instance.hub_path}/portal/",
        aws.client("ssm", config=CLIENT),
        aws.client("secretsmanager", config=CLIENT),
    )
    settings = _of_instance(instance) | json.loads(OF_THE_IMAGE.read_text()) | published
    Settings.from_environment(settings)
    _write_for_the_instance(instance, settings)
    return environment_file.as_text(settings)


def _of_instance(instance: Instance) -> dict[str, str]:
    return {
        "AWS_DEFAULT_REGION": instance.region,
        "AVAILABILITY_ZONE": instance.zone,
        "HUB_NAME": instance.hub,
    }


def _write_for_the_instance(instance: Instance, settings: Mapping[str, str]) -> None:
    """Variables for the file system's unit and the CloudWatch agent. None is secret."""
    names = ("FILE_SYSTEM_ID", "FILE_SYSTEM_ACCESS_POINT")
    known = {name: settings.get(name, "") for name in names}
    text = environment_file.as_text({"HUB_PATH": instance.hub_path, **known})
    environment_file.replace(RUN / "instance.env", text)


def _take_up(portal: Path, text: str) -> bool:
    """Replaces the settings. A portal that runs with other settings is restarted gracefully."""
    first = not portal.exists()
    changed = environment_file.replace(portal, text)
    if changed and not first:
        subprocess.run(RESTART, check=True)
    return changed


def _explained(fault: Exception) -> str:
    """The error's message; for errors from AWS only the code, because their message may quote a request."""
    if isinstance(fault, ClientError):
        return f"{fault.operation_name} was refused: {fault.response['Error']['Code']}."
    if isinstance(fault, (Unfit, ConfigurationError)):
        return str(fault)
    return f"{type(fault).__name__}: {fault}."


def _tell(level: str, message: str) -> None:
    print(json.dumps({"level": level, "message": message}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
