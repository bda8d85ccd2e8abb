"""Where a HEIC file keeps its metadata: items of ISO 14496-12, 8.11, named in `iinf`, placed by `iloc`."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from portal.documents.checking.unsuitable import CutShort

NOTES = frozenset({b"Exif", b"mime", b"uri "})
META_BYTES = 4 * 1024 * 1024


def places_of_metadata(file: BinaryIO, size: int) -> list[tuple[bytes, int, int]]:
    """The kind of each item, where it begins and where it ends.

    Raises `CutShort` when the tables can't be read.
    """
    try:
        meta = _meta(file, size)
        boxes = {name: (start, end) for name, start, end in _boxes(meta, 4, len(meta))}
        notes = dict(_notes(meta, *boxes[b"iinf"]))
        places = list(_places(meta, *boxes[b"iloc"])) if notes else []
    except (struct.error, KeyError, IndexError) as error:
        raise CutShort("HEIC") from error
    found = [(notes[item], start, end) for item, start, end in places if item in notes]
    if any(end > size for _, _, end in found):
        raise CutShort("HEIC")
    return found


def _meta(file: BinaryIO, size: int) -> bytes:
    position = 0
    while position < size:
        file.seek(position)
        length, name = struct.unpack(">I4s", file.read(8))
        if name == b"meta":
            return file.read(min(length - 8, META_BYTES))
        if length < 8:
            break
        position += length
    raise KeyError("meta")


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box's name, and where its content begins and ends."""
    while at + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, at)
        if length < 8:
            return
        yield name, at + 8, at + length
        at += length


def _notes(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The number and the kind of each item that is metadata."""
    first = at + (6 if data[at] == 0 else 8)
    for name, start, _ in _boxes(data, first, end):
        version = data[start]
        if name != b"infe" or version < 2:
            continue
        form = ">H" if version == 2 else ">I"
        (item,) = struct.unpack_from(form, data, start + 4)
        kind = start + 4 + struct.calcsize(form) + 2
        if data[kind : kind + 4] in NOTES:
            yield item, data[kind : kind + 4]


def _places(data: bytes, at: int, _: int) -> Iterator[tuple[int, int, int]]:
    """Each extent that is in the file itself: item, start, end."""
    version, sizes, more = data[at], data[at + 4], data[at + 5]
    widths = (sizes >> 4, sizes & 15, more >> 4, more & 15 if version else 0)
    at, count = _number(data, at + 6, 4 if version == 2 else 2)
    for _ in range(count):
        at, item = _number(data, at, 4 if version == 2 else 2)
        method = 0
        if version:
            at, method = _number(data, at, 2)
        at, base = _number(data, at + 2, widths[2])
        at, pieces = _number(data, at, 2)
        for _ in range(pieces):
            at, offset = _number(data, at + widths[3], widths[0])
            at, length = _number(data, at, widths[1])
            if method & 15 == 0:
                yield item, base + offset, base + offset + length


def _number(data: bytes, at: int, width: int) -> tuple[int, int]:
    """The position after a number, and the number."""
    if at + width > len(data):
        raise IndexError(at)
    return at + width, int.from_bytes(data[at : at + width])
