"""JPEG (ITU T.81, annex B): segments, each with its length; after a scan's header, coded data."""

import re
from typing import BinaryIO

from portal.documents.unsuitable import CutShort

BEGINS = b"\xff\xd8\xff"
SCAN, END = 0xDA, 0xD9
SEGMENTS = 20_000
PIECE = 64 * 1024

# In coded data, FF stands before 00, before another FF, before a restart mark (D0-D7), or for a mark.
_MARK = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")


def begins(head: bytes) -> bool:
    return head.startswith(BEGINS)


def check(file: BinaryIO, size: int) -> None:
    """Walks to the mark of the end. Phones write more behind it, which is left alone."""
    position, has_scan = 2, False
    for _ in range(SEGMENTS):
        mark, position = _next_mark(file, position, within=size if has_scan else position + PIECE)
        if mark == END and has_scan:
            return
        file.seek(position)
        length = int.from_bytes(file.read(2))
        if mark is None or length < 2 or position + length > size:
            break
        position += length
        has_scan = has_scan or mark == SCAN
    raise CutShort("JPEG")


def _next_mark(file: BinaryIO, position: int, *, within: int) -> tuple[int | None, int]:
    """The next mark and the position behind it; None when there is none before `within`."""
    while position < within:
        file.seek(position)
        piece = file.read(PIECE)
        if found := _MARK.search(piece):
            return found[1][0], position + found.end()
        if len(piece) < 2:
            break
        # One byte again: its mark may have been cut in two.
        position += len(piece) - 1
    return None, position
