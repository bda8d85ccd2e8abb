"""The folder and the addresses of a demonstration, and the environment that its processes share."""

import fcntl
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from portal.development.cognito.settings import (
    DEVELOPMENT_CLIENT_ID,
    DEVELOPMENT_CLIENT_SECRET,
    DEVELOPMENT_POOL_ID,
)
from portal.development.demonstration import zones
from portal.development.demonstration.ports import LOOPBACK, CannotStart

CLAMD_SOCKET = "/run/clamav/clamd.ctl"


@dataclass(frozen=True)
class Surroundings:
    """Where a demonstration keeps its data, and the addresses where it answers, all on loopback."""

    folder: Path
    port: int
    sign_in_port: int

    @property
    def portal_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def sign_in_url(self) -> str:
        return f"http://{LOOPBACK}:{self.sign_in_port}"

    @property
    def issuer(self) -> str:
        return f"{self.sign_in_url}/{DEVELOPMENT_POOL_ID}"

    @property
    def sign_in_state(self) -> Path:
        return self.folder / "sign-in.json"

    @property
    def environment_file(self) -> Path:
        return self.folder / "environment"

    @property
    def last_day(self) -> Path:
        """The day on which the hospital was last brought up to date, in ISO 8601."""
        return self.folder / "last-day"

    @property
    def zone(self) -> str:
        """The hospital's time zone: chosen when it is filled, because its slots were made in it."""
        file = self.folder / "zone"
        return file.read_text().strip() if file.exists() else zones.HOME

    def choose_zone(self, now: datetime) -> None:
        if not (self.folder / "portal.sqlite").exists():
            (self.folder / "zone").write_text(zones.zone_at_work(now))

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def settings(self) -> dict[str, str]:
        """The portal's settings, as environment variables."""
        return {
            "PORTAL_ENVIRONMENT": "development",
            "SECRET_KEY": _kept_secret(self.folder / "secret-key"),
            "DATABASE_URL": f"sqlite:///{self.folder / 'portal.sqlite'}",
            "PORTAL_URL": self.portal_url,
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": DEVELOPMENT_CLIENT_ID,
            "OIDC_CLIENT_SECRET": DEVELOPMENT_CLIENT_SECRET,
            "COGNITO_USER_POOL_ID": DEVELOPMENT_POOL_ID,
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": self.sign_in_url,
            "AWS_ACCESS_KEY_ID": "development",
            "AWS_SECRET_ACCESS_KEY": "development",
            "AWS_REGION": "eu-west-2",
            "AWS_DEFAULT_REGION": "eu-west-2",
            "MAIL_TRANSPORT": "console",
            "MAIL_FROM": "appointments@hospital.example",
            "SHARED_FILES_DIRECTORY": str(self.folder / "shared-files"),
            "LOG_FORMAT": "plain",
            "SCANNER_ADDRESS": scanner_of_this_machine(),
            "HOSPITAL_NAME": "MediCare Hub",
            "HOSPITAL_TIMEZONE": self.zone,
            "HOSPITAL_PHONE": "01632 960100",
        }

    def environment(self, around: Mapping[str, str]) -> dict[str, str]:
        """The settings within the environment `around`, without a proxy for loopback."""
        unproxied = dict.fromkeys(("NO_PROXY", "no_proxy"), f"{LOOPBACK},localhost")
        return {**around, **unproxied, "PYTHONUNBUFFERED": "1", **self.settings()}

    def write_environment_file(self) -> None:
        """For `flask --env-file`, so that its commands reach the same hospital."""
        lines = "".join(f"{name}='{value}'\n" for name, value in self.settings().items())
        descriptor = os.open(self.environment_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(lines)


def scanner_of_this_machine() -> str:
    """The socket of Debian's clamav-daemon if it runs. Empty otherwise: then files wait to be scanned."""
    return CLAMD_SOCKET if Path(CLAMD_SOCKET).is_socket() else ""


def claim(folder: Path) -> IO[str]:
    """Makes the folder and locks it; the lock holds while the returned file is open.

    Raises `CannotStart` when another demonstration runs from it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CannotStart(
            f"Another demonstration runs from {folder} already. Stop it first (Ctrl-C there)."
        ) from None
    return lock


def _kept_secret(path: Path) -> str:
    """The secret in the file. The first call makes the file, readable by its owner only."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
