"""A mounted file system that can be told to hang, to fail and to vanish.

    with hanging_files(folder) as files:
        files.hang("fsync")
        ...                                # a call of fsync below files.mount hangs
        files.let_go()

It is a separate process that shows a plain folder through FUSE, so that what hangs hangs in the
kernel, as on a network file system whose zone is gone. See `file_system.py` for the operations.
"""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
EVERYTHING = "*"
START_SECONDS = 30


class HangingFilesUnavailable(RuntimeError):
    """The file system can't be mounted here; the message says why."""


@dataclass(frozen=True)
class HangingFiles:
    """`mount` is what is shown; `source` is the folder behind it, which always answers."""

    mount: Path
    source: Path
    control: Path
    process: "subprocess.Popen[bytes]"

    def hang(self, *operations: str) -> None:
        """From now on these operations hang, or all do."""
        self._tell("hang", operations or (EVERYTHING,))

    def let_go(self) -> None:
        """Everything that hangs goes on."""
        self._tell("let_go")

    def fail(self, error: int, *operations: str) -> None:
        """From here on these operations end with this error number, such as `errno.ENOSPC`."""
        self._tell("fail", errno.errorcode[error], operations or (EVERYTHING,))

    def mend(self) -> None:
        """Nothing fails any more."""
        self._tell("mend")

    def wait_for(self, operation: str, *, times: int = 1) -> None:
        """Returns when this many callers are stuck in this operation."""
        self._tell("wait_for", operation, times)

    def operations(self) -> list[str]:
        """The operations so far, in order, without those that only read."""
        return self._tell("operations")

    def unmount(self) -> None:
        """The mount is gone; the empty folder below it can be seen."""
        subprocess.run(["fusermount3", "-u", "-z", str(self.mount)], check=True)

    def vanish(self) -> None:
        """The file system dies, and the kernel knows it: every call fails with ENOTCONN."""
        self.process.kill()
        self.process.wait()

    def _tell(self, *words: Any) -> Any:
        with Client(str(self.control)) as connection:
            connection.send(words)
            return connection.recv()


@contextmanager
def hanging_files(folder: Path) -> Iterator[HangingFiles]:
    """Mounts it on `folder`/mount and unmounts it at the end, even if something still hangs."""
    mount, source, control = folder / "mount", folder / "source", folder / "control"
    mount.mkdir()
    source.mkdir()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                # Killed with us: what hangs in it would not end otherwise.
                *("setpriv", "--pdeathsig", "KILL"),
                *(sys.executable, "-m", "tests.hanging_files.file_system"),
                *(str(source), str(mount), str(control)),
            ],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    files = HangingFiles(mount, source, control, process)
    try:
        _wait_until_mounted(files, folder / "log")
        yield files
    finally:
        _end(files)


def _wait_until_mounted(files: HangingFiles, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not (files.control.exists() and os.path.ismount(files.mount)):
        if files.process.poll() is not None or time.monotonic() > deadline:
            raise HangingFilesUnavailable(f"It could not be mounted:\n{log.read_text()}")
        time.sleep(0.02)


def _end(files: HangingFiles) -> None:
    if files.process.poll() is None:
        with suppress(OSError):  # unmounted by the test, it may be about to end by itself
            files.let_go()
        files.process.send_signal(signal.SIGTERM)
        files.process.wait()
    subprocess.run(
        ["fusermount3", "-u", "-z", "-q", str(files.mount)], check=False, capture_output=True
    )
