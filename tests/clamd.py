"""ClamAV's own daemon with a signature database of one entry: the EICAR test file.

    with running_clamd(folder) as address:
        scan(file, address=address)

Debian ships no signatures, and a test must not fetch any. The daemon listens on a socket in the
folder and dies with the process that started it.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIGNATURE = "Local.EICAR"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""Split in two, so that a virus scanner on a developer's machine does not report this file."""

START_SECONDS = 60
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")


class ClamdUnavailable(RuntimeError):
    """The daemon can't be started here; the message says why."""


@contextmanager
def running_clamd(folder: Path) -> Iterator[str]:
    """Starts a daemon, gives its address, and stops it at the end."""
    address, log = folder / "clamd.socket", folder / "clamd.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*DIES_WITH_US, _program(), f"--config-file={_configuration(folder, address)}"],
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _listens(address):
            if process.poll() is not None or time.monotonic() > deadline:
                raise ClamdUnavailable(f"clamd did not start:\n{log.read_text()}")
            time.sleep(0.02)
        yield str(address)
    finally:
        process.kill()
        process.wait()


def _configuration(folder: Path, address: Path) -> Path:
    database = folder / "signatures"
    database.mkdir()
    # Name, any type of file, any offset, these bytes.
    (database / "local.ndb").write_text(f"{SIGNATURE}:0:*:{EICAR.hex()}\n")
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"DatabaseDirectory {database}\nLocalSocket {address}\nForeground yes\n"
        f"TemporaryDirectory {folder}\nAlertExceedsMax yes\n"
    )
    return configuration


def _program() -> str:
    found = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ClamdUnavailable(
            "clamd is missing. Run: sudo apt-get install --no-install-recommends clamav-daemon"
        )
    return found


def _listens(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(address)) == 0
