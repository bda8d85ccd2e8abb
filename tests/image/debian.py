"""A Debian 12 in a folder, from the same sources as this machine's own packages."""

import os
import shutil
import subprocess
from pathlib import Path

RELEASE = "bookworm"
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# With an SSH server, which Debian's own image for EC2 has and the role must take away.
PACKAGES = "ca-certificates,dbus,openssh-server,python3,python3-apt,systemd-sysv"


class NoDebian(RuntimeError):
    """It can't be made here; the message says what to do."""


def sources() -> list[tuple[str, str]]:
    """(address, suite) of every Debian 12 archive that this machine's package manager uses.

    DEBIAN_MIRROR names one for machines that are not a Debian 12 themselves.
    """
    if mirror := os.environ.get("DEBIAN_MIRROR"):
        return [(mirror, RELEASE), (mirror, f"{RELEASE}-updates")]
    answer = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = sorted({tuple(line.split()) for line in answer.stdout.splitlines()})
    archives = [(address, suite) for address, suite in found if suite.startswith(RELEASE)]
    if not any(suite == RELEASE for _, suite in archives):
        raise NoDebian(
            "This machine's package manager knows no Debian 12 archive. Set DEBIAN_MIRROR to the"
            " address of one."
        )
    return archives


def make_root(root: Path) -> None:
    """Fill the folder `root` with a small Debian 12 that uses the same archives as this machine."""
    archives = sources()
    mirror = next(address for address, suite in archives if suite == RELEASE)
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", f"--keyring={KEYS}"]
    outcome = subprocess.run(
        [*ending_with_this_process(), *command, RELEASE, str(root), mirror],
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode:
        raise NoDebian(f"debootstrap failed:\n{outcome.stdout[-2000:]}{outcome.stderr}")
    lines = [f"deb [signed-by={KEYS}] {address} {suite} main\n" for address, suite in archives]
    (root / "etc/apt/sources.list").write_text("".join(lines))
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")


def ending_with_this_process() -> tuple[str, ...]:
    """Before a command: the kernel ends it when this process ends, however that happens."""
    return ("setpriv", "--pdeathsig", "KILL")
