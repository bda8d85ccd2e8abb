"""PNG (W3C, third edition): a signature, then chunks with length and CRC, from IHDR to IEND."""

import struct
import zlib
from typing import BinaryIO

from portal.documents.checking.unsuitable import CutShort

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHUNKS = 100_000
HEADER_LENGTH = 13


def begins(head: bytes) -> bool:
    return head.startswith(SIGNATURE)


def check(file: BinaryIO, size: int) -> None:
    position, has_data = len(SIGNATURE), False
    _check_header(file, position)
    for _ in range(CHUNKS):
        file.seek(position)
        start = file.read(8)
        if len(start) < 8:
            break
        length, name = struct.unpack(">I4s", start)
        position += 12 + length
        if position > size:
            break
        if name == b"IEND" and has_data:
            return
        has_data = has_data or name == b"IDAT"
    raise CutShort("PNG")


def _check_header(file: BinaryIO, position: int) -> None:
    file.seek(position)
    chunk = file.read(12 + HEADER_LENGTH)
    length, name, width, height = struct.unpack(">I4sII", chunk[:16].ljust(16, b"\0"))
    checksum = int.from_bytes(chunk[8 + HEADER_LENGTH :])
    if (
        (length, name) != (HEADER_LENGTH, b"IHDR")
        or not (width and height)
        or zlib.crc32(chunk[4 : 8 + HEADER_LENGTH]) != checksum
    ):
        raise CutShort("PNG")
