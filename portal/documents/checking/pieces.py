"""Reading a stored file in large pieces, also for libraries that ask for small ones."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

SIZE = 256 * 1024

Readable = BinaryIO | io.RawIOBase
"""A seekable binary file. A raw one, such as a `FileReader`, gets a buffer, because each read is slow."""


@contextmanager
def in_pieces(file: Readable) -> Iterator[BinaryIO]:
    """The file from its beginning, with a buffer. It stays open afterwards."""
    file.seek(0)
    if not isinstance(file, io.RawIOBase):
        yield file
        return
    buffered = io.BufferedReader(file, SIZE)
    try:
        yield cast("BinaryIO", buffered)
    finally:
        buffered.detach()
