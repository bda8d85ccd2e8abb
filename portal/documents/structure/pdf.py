"""PDF (ISO 32000-1, 7.5): a header, a body, and a trailer that says where the table of objects is."""

import os
import re
from typing import BinaryIO

from portal.documents.unsuitable import CutShort

HEADER = re.compile(rb"(?:^|[\r\n])%PDF-\d")
HEADER_WITHIN = 1024
"""Readers take a header that is not at the very beginning, and so do we."""
TAIL = 4096
TABLE = 2 * 1024 * 1024
"""So much of a table of objects is read at most to find the trailer behind it."""

_START = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
_ENCRYPT = re.compile(rb"/Encrypt(?![A-Za-z])")


def begins(head: bytes) -> bool:
    return HEADER.search(head[:HEADER_WITHIN]) is not None


def check(file: BinaryIO, size: int) -> None:
    if not _START.search(_tail(file, size)):
        raise CutShort("PDF")


def is_encrypted(file: BinaryIO, size: int) -> bool:
    """Whether a trailer names an encryption: with a password to open it, or only against changes."""
    tail = _tail(file, size)
    return bool(_ENCRYPT.search(tail) or _ENCRYPT.search(_trailer(file, tail)))


def _tail(file: BinaryIO, size: int) -> bytes:
    file.seek(max(0, size - TAIL))
    return file.read(TAIL)


def _trailer(file: BinaryIO, tail: bytes) -> bytes:
    """The dictionary that the last `startxref` leads to: behind a table, or before a stream."""
    starts = _START.findall(tail)
    file.seek(int(starts[-1]) if starts else 0, os.SEEK_SET)
    table = file.read(TABLE)
    if table.lstrip().startswith(b"xref"):
        return table[table.find(b"trailer") :][:TAIL]
    return table.partition(b"stream")[0][:TAIL]
