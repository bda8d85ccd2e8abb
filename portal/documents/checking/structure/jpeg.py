"""JPEG (ITU T.81, annex B): segments, each with its length; after a scan's header, coded data."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from portal.documents.checking.unsuitable import CutShort

BEGINS = b"\xff\xd8\xff"
SCAN, END = 0xDA, 0xD9
SEGMENTS = 20_000
PIECE = 64 * 1024

# In coded data, FF comes before 00, before another FF or before a restart marker (D0-D7), or begins
# a marker.
_MARK = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")


def begins(head: bytes) -> bool:
    return head.startswith(BEGINS)


def check(file: BinaryIO, size: int) -> None:
    """Checks all segments up to the end marker. Phones write more data after it, which is ignored."""
    for _ in segments(file, size):
        pass


def segments(file: BinaryIO, size: int) -> Iterator[tuple[int, int, int]]:
    """Each segment's marker, where it begins and where it ends; the last one is the end.

    Raises `CutShort` when there is no end.
    """
    position, has_scan = 2, False
    for _ in range(SEGMENTS):
        mark, position = _next_mark(file, position, within=size if has_scan else position + PIECE)
        if mark == END and has_scan:
            yield END, position - 2, position
            return
        file.seek(position)
        length = int.from_bytes(file.read(2))
        if mark is None or length < 2 or position + length > size:
            break
        yield mark, position - 2, position + length
        position += length
        has_scan = has_scan or mark == SCAN
    raise CutShort("JPEG")


def _next_mark(file: BinaryIO, position: int, *, within: int) -> tuple[int | None, int]:
    """The next marker and the position after it; None when there is none before `within`."""
    while position < within:
        file.seek(position)
        piece = file.read(PIECE)
        if found := _MARK.search(piece):
            return found[1][0], position + found.end()
        if len(piece) < 2:
            break
        # Read one byte again, because the marker may be split between two reads.
        position += len(piece) - 1
    return None, position
