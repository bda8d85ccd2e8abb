"""Writing a file: it has a temporary name until all of it is flushed to the disk."""

import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from portal.errors import PortalError
from portal.shared_files.faults import TooLarge
from portal.shared_files.mount import Descriptor, Mount
from portal.shared_files.rooms import UNFINISHED, make_folder, new_name, sync_folder

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PORTION = 256 * 1024
"""How many bytes are buffered per write, because each write goes through a worker thread."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A complete file: its name in the store, size in bytes and SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class FileWriter(io.RawIOBase):
    """Writes a file in pieces.

    If it is closed before `finish`, nothing remains. It has the methods that Werkzeug's multipart
    parser needs: the parser writes, and seeks to 0 at the end of the part.
    """

    def __init__(self, mount: Mount, limit: int) -> None:
        self._mount, self._limit = mount, limit
        self._name = new_name()
        self._path = mount.rooms.file(mount.rooms.kept, self._name)
        self._part = self._path.with_name(self._name + UNFINISHED)
        self._descriptor: Descriptor | None = None
        self._gathered = bytearray()
        self._size, self._sha256 = 0, hashlib.sha256()
        self._fault: PortalError | None = None
        self.stored: StoredFile | None = None
        """The result of `finish`."""

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Raises `TooLarge` above the limit, and `faults`; after an error, raises the same error again."""
        self._refuse_when_over()
        piece = memoryview(data).cast("B")
        self._size += len(piece)
        if self._size > self._limit:
            self._give_up(TooLarge(self._limit))
        self._sha256.update(piece)
        self._gathered += piece
        if len(self._gathered) >= PORTION:
            self._pass_on(_append)
        return len(piece)

    def finish(self) -> StoredFile:
        """Returns when all of it is on the disk under its final name. A second call returns the same
        result."""
        if not self.stored:
            self._refuse_when_over()
            self._pass_on(self._keep)
            self.stored = StoredFile(self._name, self._size, self._sha256.hexdigest())
            if self._descriptor:
                self._mount.whenever(self._descriptor.let_go)
        return self.stored

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Accepts only position 0, which finishes the file."""
        if (offset, whence) != (0, os.SEEK_SET):
            raise io.UnsupportedOperation("a file on its way in is written from end to end")
        self.finish()
        return 0

    def close(self) -> None:
        if not self.closed and not self.stored:
            self._drop()
        super().close()

    def _pass_on(self, work: Callable[[bytes, Descriptor], None]) -> None:
        """Runs `work` with the buffered bytes in a worker thread."""
        gathered, self._gathered = bytes(self._gathered), bytearray()
        try:
            if not self._descriptor:
                forsake = partial(_forsake, self._part)
                self._descriptor = self._mount.do(partial(_create, self._part), undo=forsake)
            self._mount.do(partial(work, gathered, self._descriptor))
        except PortalError as fault:
            self._give_up(fault)

    def _keep(self, rest: bytes, descriptor: Descriptor) -> None:
        _append(rest, descriptor)
        descriptor.use(os.fsync)
        self._part.rename(self._path)
        sync_folder(self._path.parent)

    def _refuse_when_over(self) -> None:
        if self._fault:
            raise self._fault
        if self.closed or self.stored:
            raise ValueError("the file is complete or closed")

    def _give_up(self, fault: PortalError) -> NoReturn:
        self._fault = fault
        self._drop()
        raise fault

    def _drop(self) -> None:
        """Queued, so that the caller does not wait for a mount that hangs."""
        if self._descriptor:
            self._mount.whenever(partial(_forsake, self._part, self._descriptor))
            self._descriptor = None


def _create(part: Path) -> Descriptor:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return Descriptor(part, flags)
    except FileNotFoundError:
        make_folder(part.parent)
        return Descriptor(part, flags)


def _forsake(part: Path, descriptor: Descriptor) -> None:
    # Close first: on NFS, a file that is removed while it is open stays under another name.
    descriptor.let_go()
    part.unlink(missing_ok=True)


def _append(data: bytes, descriptor: Descriptor) -> None:
    descriptor.use(partial(write_all, data))


def write_all(data: bytes, descriptor: int) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
