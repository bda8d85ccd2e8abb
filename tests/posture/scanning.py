"""Runs Prowler against an emulated account."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.infrastructure.account import REGION, Account
from tests.posture.findings import FRAMEWORKS, Finding, read

LONGEST_SECONDS = 1200
FAILS = 3
"""Prowler's exit status when a check fails."""


class NotScanned(Exception):
    """Prowler came to no end, or said nothing."""


def scan(prowler: str, account: Account) -> list[Finding]:
    """What the checks of all frameworks say of what stands. Raises NotScanned."""
    with TemporaryDirectory() as folder:
        _run([prowler, "aws", *_options(folder)], account)
        return read(Path(folder, "findings.csv"))


def _options(folder: str) -> list[str]:
    which = ["--compliance", *FRAMEWORKS.values(), "-f", REGION]
    how = ["-M", "csv", "-o", folder, "-F", "findings", "--log-level", "CRITICAL", "--no-banner"]
    return which + how


def _run(command: list[str], account: Account) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS")}
    environment = {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, **account.environment}
    try:
        done = subprocess.run(
            command,
            env=ours | environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise NotScanned(f"Prowler has not ended within {LONGEST_SECONDS} s.") from None
    if done.returncode not in (0, FAILS):
        raise NotScanned(done.stdout + done.stderr)
