"""DOCX (ECMA-376): a zip archive with certain parts. Only its directory is read, nothing large is
unpacked.
"""

import struct
import zipfile
import zlib
from typing import BinaryIO

from portal.documents.checking.structure.relationships import reaches_out
from portal.documents.checking.unsuitable import (
    Bloated,
    CutShort,
    HasMacros,
    Locked,
    ReachesOut,
    WrongKind,
)

LOCAL_FILE, DIRECTORY_END, ZIP64_END = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of older Office documents, and of newer ones with a password."""
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The name, in that container, of the part that holds a newer document with a password."""

TYPES, BODY = "[Content_Types].xml", "word/document.xml"
DIRECTORY_BYTES = 512 * 1024
ENTRIES = 3_000
UNPACKED_BYTES = 250 * 1024 * 1024
RATIO = 200
"""A long table of equal rows shrinks to a hundredth, a zip bomb to a thousandth."""
ENCRYPTED_FLAG = 0x1
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PIECE = 64 * 1024


def begins(head: bytes) -> bool:
    return head.startswith((LOCAL_FILE, COMPOUND_FILE))


def check(file: BinaryIO, size: int) -> None:
    _refuse_a_compound_file(file)
    _refuse_a_vast_directory(file, size)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive.infolist(), size)
            _check_parts(archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError) as error:
        raise CutShort("DOCX") from error


def _refuse_a_compound_file(file: BinaryIO) -> None:
    file.seek(0)
    before = file.read(len(COMPOUND_FILE))
    if before != COMPOUND_FILE:
        return
    while piece := file.read(PIECE):
        if ENCRYPTED_PACKAGE in before + piece:
            raise Locked
        before = piece[-len(ENCRYPTED_PACKAGE) :]
    raise WrongKind("an older Office document")


def _refuse_a_vast_directory(file: BinaryIO, size: int) -> None:
    """Checks the size of the directory before zipfile reads it into memory."""
    length = min(size, 22 + 65_535)
    file.seek(size - length)
    tail = file.read(length)
    at = tail.rfind(DIRECTORY_END)
    if at < 0 or len(tail) < at + 22:
        raise CutShort("DOCX")
    entries, directory_bytes = struct.unpack("<HI", tail[at + 10 : at + 16])
    if ZIP64_END in tail or entries > ENTRIES or directory_bytes > DIRECTORY_BYTES:
        raise Bloated


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in entries):
        raise Locked
    if any(entry.compress_type not in PACKINGS for entry in entries):
        raise CutShort("DOCX")
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    # Overlapping entries share packed content, so their sum is larger than the file.
    if packed > size or unpacked > min(UNPACKED_BYTES, RATIO * size):
        raise Bloated


def _check_parts(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if TYPES not in names or BODY not in names:
        raise WrongKind("another archive or Office document")
    with archive.open(TYPES) as types:
        declared = types.read(DIRECTORY_BYTES)
    if b"macroEnabled" in declared or any(name.endswith("vbaProject.bin") for name in names):
        raise HasMacros
    for name in sorted(names):
        if name.endswith(".rels"):
            with archive.open(name) as part:
                if reaches_out(part.read(DIRECTORY_BYTES)):
                    raise ReachesOut
    with archive.open(BODY) as body:
        body.read(1)
