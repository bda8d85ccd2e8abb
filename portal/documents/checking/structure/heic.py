"""HEIC (ISO 23008-12 in the boxes of ISO 14496-12): `ftyp` names the brands, `meta` the pictures."""

import struct
from typing import BinaryIO

from portal.documents.checking.unsuitable import CutShort

BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
"""The brands of the coding that phones use. `mif1` alone could be any coding, such as AVIF."""
BOXES = 1_000


def begins(head: bytes) -> bool:
    if head[4:8] != b"ftyp":
        return False
    end = min(int.from_bytes(head[:4]), len(head))
    # The major brand, its version, then the compatible brands.
    named = [head[8:12], *(head[at : at + 4] for at in range(16, end, 4))]
    return not BRANDS.isdisjoint(named)


def check(file: BinaryIO, size: int) -> None:
    """Checks that each box has its stated length, and the last one ends with the file."""
    position, names = 0, set()
    for _ in range(BOXES):
        length, name = _box(file, position)
        position = position + length if length else size
        names.add(name)
        if position >= size:
            break
    if position != size or b"meta" not in names:
        raise CutShort("HEIC")


def _box(file: BinaryIO, position: int) -> tuple[int, bytes]:
    """A box's length, 0 for "to the end", and its name."""
    file.seek(position)
    start = file.read(16).ljust(16, b"\0")
    length, name, long_length = struct.unpack(">I4sQ", start)
    if length == 1:
        length = long_length
    if 0 < length < 8:
        raise CutShort("HEIC")
    return length, name
