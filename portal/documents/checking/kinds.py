"""The kind of a file by its content. The name is only compared with it."""

from collections.abc import Callable
from enum import Enum
from mimetypes import MimeTypes
from pathlib import PurePath
from typing import BinaryIO

import puremagic

from portal.documents.checking import sandbox
from portal.documents.checking.pieces import Readable, in_pieces
from portal.documents.checking.structure import heic, jpeg, pdf, png, text, word
from portal.documents.checking.unsuitable import (
    Active,
    CutShort,
    Empty,
    Locked,
    OtherFormat,
    WrongExtension,
    WrongKind,
)

HEAD = 4096
SURE = 0.5
"""puremagic's least confidence to tell people what a file looks like."""


class Kind(Enum):
    """The kinds of files that can become a document. The value is the media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    TXT = "text/plain"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    @property
    def label(self) -> str:
        return self.name

    @property
    def extensions(self) -> tuple[str, ...]:
        """The endings that a name may have; the first is the usual one."""
        return EXTENSIONS[self]


EXTENSIONS = {
    Kind.PDF: ("pdf",),
    Kind.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    Kind.PNG: ("png",),
    Kind.HEIC: ("heic", "heif"),
    Kind.TXT: ("txt", "text", "csv", "md", "log"),
    Kind.DOCX: ("docx",),
}

PREVIEWED = frozenset({Kind.PDF.value, Kind.JPEG.value, Kind.PNG.value})
"""Kinds that every browser can show, so that people can view them without saving a copy."""

Check = Callable[[BinaryIO, int], None]

_CHECKS: dict[Kind, Check] = {
    Kind.PDF: pdf.check,
    Kind.JPEG: jpeg.check,
    Kind.PNG: png.check,
    Kind.HEIC: heic.check,
    Kind.TXT: text.check,
    Kind.DOCX: word.check,
}
_SIGNATURES: tuple[tuple[Callable[[bytes], bool], Kind], ...] = (
    (jpeg.begins, Kind.JPEG),
    (png.begins, Kind.PNG),
    (heic.begins, Kind.HEIC),
    (word.begins, Kind.DOCX),
    (pdf.begins, Kind.PDF),
)
# Without the machine's own lists, so that all machines give the same result.
_known_types = MimeTypes(filenames=())


def kind_of(file: Readable, *, size: int, name: str) -> Kind:
    """Reads the seekable file in pieces, only as much as needed, and leaves it open.

    Raises a subclass of `Unsuitable` with a message for the sender, and errors of reading.
    """
    if not size:
        raise Empty
    with in_pieces(file) as readable:
        head = readable.read(HEAD)
        kind = next((kind for begins, kind in _SIGNATURES if begins(head)), Kind.TXT)
        _check(kind, readable, size, head)
        if kind is Kind.PDF:
            _refuse_unless_it_opens(readable)
    _refuse_another_extension(name, kind)
    return kind


def _check(kind: Kind, file: BinaryIO, size: int, head: bytes) -> None:
    try:
        _CHECKS[kind](file, size)
    except WrongKind as fault:
        raise (WrongKind(_looks_like(head)) if kind is Kind.TXT else fault) from None


def _looks_like(head: bytes) -> str:
    """puremagic's result; empty when it is not certain."""
    try:
        best = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError):
        return ""
    return best.name if best.mime_type and best.confidence >= SURE else ""


def _refuse_unless_it_opens(file: BinaryIO) -> None:
    """Many letters are encrypted only to prevent changes, and open without a password."""
    verdict = sandbox.run("open", Kind.PDF.value, file)
    if verdict == sandbox.LOCKED:
        raise Locked
    if verdict == sandbox.ACTIVE:
        raise Active
    if verdict != sandbox.OPENS:
        raise CutShort(Kind.PDF.label)


def _refuse_another_extension(name: str, kind: Kind) -> None:
    extension = PurePath(name).suffix.lower().removeprefix(".")
    if not extension or extension in kind.extensions:
        return
    if any(extension in extensions for extensions in EXTENSIONS.values()):
        raise WrongExtension(extension, kind.label)
    if _known_types.guess_type(f"x.{extension}", strict=False)[0]:
        raise OtherFormat(extension) if kind is Kind.TXT else WrongExtension(extension, kind.label)
