"""`python -m tests.drill.share_client <mount> <address>`: mounts the folder of the server at the address.

As with a hard NFS mount, an operation without an answer keeps waiting in the kernel.
"""

import os
import sys
from multiprocessing.connection import Client, Connection
from threading import local
from typing import Any

import mfusepy

from tests.drill.share_server import PORT


class Share(mfusepy.Operations):
    """Each operation is a request to the server. Each thread has its own connection."""

    use_ns = True

    def __init__(self, address: str) -> None:
        self._address = address
        self._thread = local()

    def _ask(self, *question: Any) -> Any:
        if not hasattr(self._thread, "line"):
            self._thread.line = Client((self._address, PORT))
        line: Connection = self._thread.line
        line.send(question)
        error, answer = line.recv()
        if error:
            raise OSError(error, os.strerror(error))
        return answer

    def getattr(self, path: str, fh: int | None = None) -> Any:
        return self._ask("getattr", path)

    def statfs(self, path: str) -> Any:
        return self._ask("statfs", path)

    def readdir(self, path: str, fh: int) -> Any:
        return self._ask("readdir", path)

    def create(self, path: str, mode: int, fi: Any = None) -> Any:
        return self._ask("create", path, mode)

    def open(self, path: str, flags: int) -> Any:
        return self._ask("open", path, flags)

    def read(self, path: str, size: int, offset: int, fh: int) -> Any:
        return self._ask("read", size, offset, fh)

    def write(self, path: str, data: bytes, offset: int, fh: int) -> Any:
        return self._ask("write", data, offset, fh)

    def fsync(self, path: str, datasync: int, fh: int) -> Any:
        return self._ask("fsync", fh)

    def release(self, path: str, fh: int) -> Any:
        return self._ask("release", fh)

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        return 0

    def truncate(self, path: str, length: int, fh: int | None = None) -> Any:
        return self._ask("truncate", path, length)

    def rename(self, old: str, new: str) -> Any:
        return self._ask("rename", old, new)

    def unlink(self, path: str) -> Any:
        return self._ask("unlink", path)

    def mkdir(self, path: str, mode: int) -> Any:
        return self._ask("mkdir", path, mode)

    def rmdir(self, path: str) -> Any:
        return self._ask("rmdir", path)

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> Any:
        return self._ask("utimens", path, times)


if __name__ == "__main__":
    mfusepy.FUSE(
        Share(sys.argv[2]),
        sys.argv[1],
        foreground=True,
        # Another zone may have changed anything, so the kernel must not cache.
        direct_io=True,
        attr_timeout=0,
        entry_timeout=0,
        negative_timeout=0,
        max_threads=64,
    )
