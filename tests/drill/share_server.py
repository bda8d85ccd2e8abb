"""`python -m tests.drill.share_server <folder> <address>`: a folder over TCP, one operation after another.

It replaces EFS's mount target. A request is the name of a FUSE operation with its arguments. An answer
is the result, or the error number.
"""

import errno
import os
import sys
from contextlib import suppress
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from threading import Thread
from typing import Any

PORT = 2049
STATUS = ("mode", "nlink", "size", "uid", "gid", "ino", "atime_ns", "mtime_ns", "ctime_ns")
SPACE = ("bsize", "frsize", "blocks", "bfree", "bavail", "files", "ffree", "favail", "namemax")


FULL, BROKEN, SHORT = "full", "broken", "short"
"""Faults of every write: no space left, an input/output error, or only half of it written."""


def misbehaviour_of(folder: Path) -> Path:
    """The file, beside the folder, that names the fault. Without it there is none."""
    return folder.with_name(f"{folder.name}.misbehaves")


class Folder:
    """The operations. Paths begin with a slash and are relative to the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._misbehaves = misbehaviour_of(folder)

    def _wrong(self) -> str:
        return self._misbehaves.read_text() if self._misbehaves.exists() else ""

    def _refuse(self) -> None:
        """Raises OSError while writes fail."""
        numbers = {FULL: errno.ENOSPC, BROKEN: errno.EIO}
        if number := numbers.get(self._wrong()):
            raise OSError(number, os.strerror(number))

    def _path(self, path: str) -> str:
        return f"{self._folder}{path}"

    def getattr(self, path: str) -> dict[str, Any]:
        found = os.lstat(self._path(path))
        status = {name: getattr(found, f"st_{name}") for name in STATUS}
        return {f"st_{name.removesuffix('_ns')}": value for name, value in status.items()}

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(self._path(path))
        return {f"f_{name}": getattr(found, f"f_{name}") for name in SPACE}

    def readdir(self, path: str) -> list[str]:
        return [".", "..", *os.listdir(self._path(path))]

    def create(self, path: str, mode: int) -> int:
        self._refuse()
        return os.open(self._path(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def open(self, path: str, flags: int) -> int:
        return os.open(self._path(path), flags)

    def read(self, size: int, offset: int, handle: int) -> bytes:
        return os.pread(handle, size, offset)

    def write(self, data: bytes, offset: int, handle: int) -> int:
        self._refuse()
        half = len(data) // 2
        return os.pwrite(handle, data[:half] if self._wrong() == SHORT and half else data, offset)

    def fsync(self, handle: int) -> None:
        os.fsync(handle)

    def release(self, handle: int) -> None:
        os.close(handle)

    def truncate(self, path: str, length: int) -> None:
        os.truncate(self._path(path), length)

    def rename(self, old: str, new: str) -> None:
        os.rename(self._path(old), self._path(new))

    def unlink(self, path: str) -> None:
        os.unlink(self._path(path))

    def mkdir(self, path: str, mode: int) -> None:
        os.mkdir(self._path(path), mode)

    def rmdir(self, path: str) -> None:
        os.rmdir(self._path(path))

    def utimens(self, path: str, times: tuple[int, int] | None) -> None:
        if times is None:
            os.utime(self._path(path))
        else:
            os.utime(self._path(path), ns=times)


def _serve(connection: Connection, folder: Folder) -> None:
    with connection, suppress(EOFError, ConnectionError):
        while True:
            operation, *arguments = connection.recv()
            try:
                connection.send((0, getattr(folder, operation)(*arguments)))
            except OSError as fault:
                connection.send((fault.errno, None))


def main(folder: Path, address: str) -> None:
    with Listener((address, PORT), backlog=64) as listener:
        while True:
            connection = listener.accept()
            Thread(target=_serve, args=(connection, Folder(folder)), daemon=True).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
