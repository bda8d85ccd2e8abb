"""PDF (ISO 32000-1, 7.5): a header, a body, and a trailer that says where the table of objects is."""

import re
from typing import BinaryIO

from portal.documents.checking.unsuitable import CutShort

HEADER = re.compile(rb"(?:^|[\r\n])%PDF-\d")
HEADER_WITHIN = 1024
"""Readers accept a header that is not at the very beginning, and so do we."""
TAIL = 4096

_START = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")


def begins(head: bytes) -> bool:
    return HEADER.search(head[:HEADER_WITHIN]) is not None


def check(file: BinaryIO, size: int) -> None:
    if not _START.search(_tail(file, size)):
        raise CutShort("PDF")


def _tail(file: BinaryIO, size: int) -> bytes:
    file.seek(max(0, size - TAIL))
    return file.read(TAIL)
