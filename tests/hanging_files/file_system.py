"""`python -m tests.hanging_files.file_system <source> <mount> <control socket>`: the process itself."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from threading import Thread
from typing import Any

import mfusepy

from tests.hanging_files.gate import Gate

STATUS = ("mode", "nlink", "size", "uid", "gid", "ino", "atime_ns", "mtime_ns", "ctime_ns")
SPACE = ("bsize", "frsize", "blocks", "bfree", "bavail", "files", "ffree", "favail", "namemax")


class FileSystem(mfusepy.Operations):
    """The folder with the gate before each operation. Methods have the names of FUSE's operations."""

    use_ns = True

    def __init__(self, source: Path, gate: Gate) -> None:
        self._source, self.gate = source, gate

    def _path(self, path: str) -> str:
        return f"{self._source}{path}"

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        found = os.lstat(self._path(path))
        status = {f"st_{name}": getattr(found, f"st_{name}") for name in STATUS}
        return {name.removesuffix("_ns"): value for name, value in status.items()}

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(self._path(path))
        return {f"f_{name}": getattr(found, f"f_{name}") for name in SPACE}

    def readdir(self, path: str, fh: int) -> list[str]:
        return [".", "..", *os.listdir(self._path(path))]

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        return os.open(self._path(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def open(self, path: str, flags: int) -> int:
        return os.open(self._path(path), flags)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return os.pread(fh, size, offset)

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        return os.pwrite(fh, data, offset)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        os.truncate(self._path(path), length)
        return 0

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        os.fsync(fh)
        return 0

    def release(self, path: str, fh: int) -> int:
        os.close(fh)
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        return 0

    def rename(self, old: str, new: str) -> int:
        os.rename(self._path(old), self._path(new))
        return 0

    def unlink(self, path: str) -> int:
        os.unlink(self._path(path))
        return 0

    def mkdir(self, path: str, mode: int) -> int:
        os.mkdir(self._path(path), mode)
        return 0

    def rmdir(self, path: str) -> int:
        os.rmdir(self._path(path))
        return 0


def _gated(operation: str, do: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(do)
    def behind_the_gate(self: FileSystem, *arguments: Any, **named: Any) -> Any:
        self.gate.passing(operation)
        return do(self, *arguments, **named)

    return behind_the_gate


for _name, _do in list(vars(FileSystem).items()):
    if not _name.startswith("_") and callable(_do):
        setattr(FileSystem, _name, _gated(_name, _do))


def _answer(connection: Connection, gate: Gate) -> None:
    with connection, suppress(EOFError):
        connection.send(gate.tell(*connection.recv()))


def _listen(control: Path, gate: Gate) -> None:
    with Listener(str(control)) as listener:
        while True:
            # One thread each: a waiting operation must not block the calls that release it.
            Thread(target=_answer, args=(listener.accept(), gate), daemon=True).start()


def main(source: Path, mount: Path, control: Path) -> None:
    gate = Gate()
    Thread(target=_listen, args=(control, gate), daemon=True).start()
    mfusepy.FUSE(
        FileSystem(source, gate),
        str(mount),
        foreground=True,
        # The kernel must not cache, as if another machine might have changed anything.
        direct_io=True,
        attr_timeout=0,
        entry_timeout=0,
        negative_timeout=0,
        max_threads=64,
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
