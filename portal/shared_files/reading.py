"""Reading a file: each piece is a separate operation, so that none takes longer than the deadline."""

import hashlib
import io
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from portal.shared_files.faults import Altered
from portal.shared_files.mount import Descriptor, Mount
from portal.shared_files.writing import StoredFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PORTION = 256 * 1024


class FileReader(io.RawIOBase):
    """A stored file for reading and seeking. Wrap it in `io.BufferedReader` for many small reads."""

    def __init__(self, mount: Mount, room: Path, stored: StoredFile) -> None:
        """Raises `Missing`, and `Altered` if the size differs."""
        self._mount, self._position = mount, 0
        self.size = stored.size
        path = mount.rooms.file(room, stored.name)
        self._descriptor = mount.do(partial(_open, path, stored.size), undo=Descriptor.let_go)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        if self.closed:
            raise ValueError("the file is closed")
        target = memoryview(buffer).cast("B")
        data = self._mount.do(partial(_read, self._descriptor, len(target), self._position))
        target[: len(data)] = data
        self._position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        if not self.closed and hasattr(self, "_descriptor"):
            self._mount.whenever(self._descriptor.let_go)
        super().close()


def open_intact(mount: Mount, room: Path, stored: StoredFile) -> FileReader:
    """The file from its beginning, after its SHA-256 was checked. Raises `Altered` if that differs."""
    reader = FileReader(mount, room, stored)
    sha256 = hashlib.sha256()
    while piece := reader.read(PORTION):
        sha256.update(piece)
    if sha256.hexdigest() != stored.sha256:
        reader.close()
        raise Altered
    reader.seek(0)
    return reader


def _open(path: Path, size: int) -> Descriptor:
    descriptor = Descriptor(path, os.O_RDONLY)
    if descriptor.use(os.fstat).st_size != size:
        descriptor.let_go()
        raise Altered
    return descriptor


def _read(descriptor: Descriptor, length: int, position: int) -> bytes:
    return descriptor.use(lambda number: os.pread(number, min(length, PORTION), position))
