"""The folder and the addresses of a demonstration, and the environment that its processes share."""

import fcntl
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from portal.signin.development_cognito.settings import (
    DEVELOPMENT_CLIENT_ID,
    DEVELOPMENT_CLIENT_SECRET,
    DEVELOPMENT_POOL_ID,
)

LOOPBACK = "127.0.0.1"
CLAMD_SOCKET = "/run/clamav/clamd.ctl"


class CannotStart(Exception):
    """The demonstration can't start here; the message says what to do."""


@dataclass(frozen=True)
class Surroundings:
    """Where a demonstration keeps its things and where it answers: on loopback, nowhere else."""

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
            "LOG_FORMAT": "plain",
            "SHARED_FILES_DIRECTORY": str(self.folder / "shared-files"),
            "SCANNER_ADDRESS": scanner_of_this_machine(),
            "HOSPITAL_NAME": "MediCare Hub",
            "HOSPITAL_PHONE": "01632 960100",
        }

    def environment(self, around: Mapping[str, str]) -> dict[str, str]:
        """The settings within the environment `around`, in which no proxy stands before loopback."""
        unproxied = dict.fromkeys(("NO_PROXY", "no_proxy"), f"{LOOPBACK},localhost")
        return {**around, **unproxied, "PYTHONUNBUFFERED": "1", **self.settings()}

    def write_environment_file(self) -> None:
        """For `flask --env-file`, so that its commands reach the same hospital."""
        lines = "".join(f"{name}='{value}'\n" for name, value in self.settings().items())
        descriptor = os.open(self.environment_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(lines)


def scanner_of_this_machine() -> str:
    """The socket of Debian's clamav-daemon where it runs; empty elsewhere: files that are sent wait."""
    return CLAMD_SOCKET if Path(CLAMD_SOCKET).is_socket() else ""


def claim(folder: Path) -> IO[str]:
    """Makes the folder and keeps others out of it while the answer is open.

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


def refuse_taken_port(port: int, variable: str) -> None:
    """Raises `CannotStart` when something listens on the port of loopback already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} can't be used ({error.strerror}). Stop what uses it, or choose"
                f" another: make run {variable}={port + 10}"
            ) from None


def _kept_secret(path: Path) -> str:
    """The secret in the file, which is made at the first call, for its owner alone."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
