"""Removes metadata of pictures: place, camera, and notes of programs.

Nothing is decoded, so the image data stays unchanged. The orientation is kept: in JPEG and PNG in a new Exif
part with nothing else, in HEIC as a property of the picture.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from portal.documents.checking.heic_items import places_of_metadata
from portal.documents.checking.kinds import Kind
from portal.documents.checking.structure import jpeg

EXIF = b"Exif\0\0"
APP1, APP2, APP13, COMMENT = 0xE1, 0xE2, 0xED, 0xFE
ORIENTATION = 0x0112
PNG_NOTES = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
NO_EXIF = b"MM\0\x2a" + struct.pack(">IHI", 8, 0, 0)
"""An empty Exif part."""
PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Edit:
    """These bytes of the file are replaced."""

    start: int
    end: int
    by: bytes = b""


def edits(file: BinaryIO, size: int, kind: Kind) -> list[Edit]:
    """The replacements, in order. The file must have been checked before."""
    find = _FINDERS.get(kind)
    return sorted(find(file, size), key=lambda edit: edit.start) if find else []


def edited(file: BinaryIO, size: int, changes: list[Edit]) -> Iterator[bytes]:
    """The new file in pieces."""
    at = 0
    for edit in (*changes, Edit(size, size)):
        file.seek(at)
        while at < edit.start:
            piece = file.read(min(PIECE, edit.start - at))
            if not piece:
                return
            at += len(piece)
            yield piece
        yield edit.by
        at = max(at, edit.end)


def _of_jpeg(file: BinaryIO, size: int) -> Iterator[Edit]:
    """A second picture after the first has its own metadata, so it is removed too."""
    end = size
    for mark, start, end in jpeg.segments(file, size):
        if mark not in (APP1, APP2, APP13, COMMENT):
            continue
        file.seek(start + 4)
        content = file.read(end - start - 4)
        if mark != APP2 or content.startswith(b"MPF\0"):
            turned = _orientation(content.removeprefix(EXIF)) if content.startswith(EXIF) else 1
            yield Edit(start, end, _jpeg_exif(turned) if turned != 1 else b"")
    if end < size:
        yield Edit(end, size)


def _orientation(tiff: bytes) -> int:
    """The orientation from 1 (upright) to 8, from the first directory of Exif; 1 when it is missing."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return 1
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for number in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * number)
            if tag == ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _tiff(turned: int) -> bytes:
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, turned, 0)
    return b"MM\0\x2a" + struct.pack(">IH", 8, 1) + entry + bytes(4)


def _jpeg_exif(turned: int) -> bytes:
    content = EXIF + _tiff(turned)
    return struct.pack(">HH", 0xFF00 | APP1, len(content) + 2) + content


def _of_png(file: BinaryIO, size: int) -> Iterator[Edit]:
    position = 8
    while position < size:
        file.seek(position)
        length, name = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
        end = position + 12 + length
        if name in PNG_NOTES:
            turned = _orientation(file.read(length)) if name == b"eXIf" else 1
            yield Edit(position, end, _png_exif(turned) if turned != 1 else b"")
        position = end
        if name == b"IEND":
            break
    if position < size:
        yield Edit(position, size)


def _png_exif(turned: int) -> bytes:
    content = b"eXIf" + _tiff(turned)
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))


def _of_heic(file: BinaryIO, size: int) -> Iterator[Edit]:
    """Overwritten with blanks, because other parts are located by their offset."""
    for kind, start, end in places_of_metadata(file, size):
        nothing = bytes(4) + NO_EXIF if kind == b"Exif" else b""
        yield Edit(start, end, nothing.ljust(end - start, b"\0")[: end - start])


_FINDERS: dict[Kind, Callable[[BinaryIO, int], Iterator[Edit]]] = {
    Kind.JPEG: _of_jpeg,
    Kind.PNG: _of_png,
    Kind.HEIC: _of_heic,
}
