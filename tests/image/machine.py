"""The image, booted: systemd-nspawn with its own network namespace."""

import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.image.debian import ending_with_this_process
from tests.image.network import Vpc

BOOT_SECONDS = 60
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class NotBooted(RuntimeError):
    """systemd did not come up in the image; the message holds its last words."""


@dataclass(frozen=True)
class Machine:
    """A booted image. `pid` is its first process, seen from outside."""

    root: Path
    pid: int

    def run(self, *command: str, check: bool = True) -> str:
        """What the command prints when root runs it inside."""
        inside = ["nsenter", f"--target={self.pid}", "--all", "--wdns=/", "env", "-i", PATH]
        outcome = subprocess.run(
            [*inside, *command], capture_output=True, text=True, check=False, timeout=120
        )
        if check and outcome.returncode:
            raise AssertionError(f"{' '.join(command)}:\n{outcome.stdout}{outcome.stderr}")
        return outcome.stdout

    def unit(self, name: str, *properties: str) -> list[str]:
        """The values of a unit's properties, in their order."""
        shown = self.run("systemctl", "show", name, *(f"--property={one}" for one in properties))
        values = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
        return [values.get(one, "") for one in properties]

    def state(self, unit: str) -> str:
        """`active`, `failed` and so on."""
        return self.unit(unit, "ActiveState")[0]

    def main_pid(self, unit: str) -> int:
        """Of a running service; 0 when it doesn't run."""
        return int(self.unit(unit, "MainPID")[0])

    def said(self, unit: str) -> str:
        """What the unit wrote into the journal since the boot."""
        return self.run("journalctl", "--boot", "--output=cat", f"--unit={unit}")


def wait_until(what: Callable[[], object], seconds: float = 60) -> None:
    """Raises AssertionError when `what` is not true in time."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


# In its own process namespace: when its first process ends, the kernel ends everything in it.
ENDING_AS_ONE = ("unshare", "--pid", "--fork", "--kill-child=KILL", "--mount-proc")


@contextmanager
def booted(root: Path, vpc: Vpc, log: Path) -> Iterator[Machine]:
    """Boots the Debian in `root`; it is switched off at the end of the block, and with this process."""
    command = ["systemd-nspawn", "--quiet", f"--directory={root}", "--register=no", "--keep-unit"]
    network = ("--network-namespace-path=/proc/self/ns/net", "--capability=CAP_NET_ADMIN")
    with log.open("w") as output, vpc.on_the_instance():
        process = subprocess.Popen(
            [
                *(*ending_with_this_process(), *ENDING_AS_ONE),
                *(*command, *network, "--console=pipe", "--boot"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        machine = _when_up(process, root, log)
        with _gone_at_the_end(machine.pid):
            yield machine
            process.kill()
    finally:
        process.kill()
        process.wait()


@contextmanager
def _gone_at_the_end(pid: int) -> Iterator[None]:
    """Waits until the process has ended: nobody writes into its folder any longer."""
    handle = os.pidfd_open(pid)
    try:
        yield
    finally:
        select.select([handle], [], [], BOOT_SECONDS)
        os.close(handle)


def _when_up(process: subprocess.Popen[bytes], root: Path, log: Path) -> Machine:
    deadline = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if first := _only_child(_only_child(process.pid)):
            machine = Machine(root, first)
            asked = machine.run("systemctl", "is-system-running", check=False).strip()
            if asked in ("running", "degraded", "starting"):
                return machine
        time.sleep(0.1)
    raise NotBooted(log.read_text()[-3000:])


def _only_child(pid: int | None) -> int | None:
    if pid is None:
        return None
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else None
