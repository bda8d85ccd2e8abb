"""Plain text: UTF-8, UTF-16 with a byte order mark, or Windows-1252; without control characters."""

import codecs
import re
from typing import BinaryIO

from portal.documents.checking.unsuitable import WrongKind

PIECE = 64 * 1024

# Tab, line feed, form feed and carriage return are allowed in a text; U+0080 to U+009F are not.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def check(file: BinaryIO, size: int) -> None:  # noqa: ARG001 - the same for every format
    file.seek(0)
    mark = file.read(2)
    encodings = ["utf-16"] if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else []
    if not any(_is_text(file, encoding) for encoding in [*encodings, "utf-8-sig", "cp1252"]):
        raise WrongKind


def _is_text(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            if _CONTROL.search(decoder.decode(piece)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
