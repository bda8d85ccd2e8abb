"""The program that decodes untrusted files. It runs by itself, by its path: see `sandbox.py`.

    python -I decoding_program.py picture|open <media type>  < file  > answer

`picture` answers with a small PNG of the picture or the first page, `open` whether a PDF opens
without a password, and whether it does more than show pages. It exits with a status other than 0 on
any failure.
"""

import io
import re
import resource
import sys
import warnings
import zlib
from typing import Any, BinaryIO

EDGE = 320
PIXELS = 100_000_000
MEMORY_BYTES = 1024**3
CPU_SECONDS = 15

ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData)(?![A-Za-z0-9])")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
BEFORE = 2048
"""How many bytes before a stream may belong to its dictionary."""
UNPACKED = 64 * 1024 * 1024


def limit_itself() -> None:
    """Set before a byte is read: memory, time, and no file may be written."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def picture(data: bytes, media_type: str) -> bytes:
    from PIL import Image, ImageOps

    # More pixels than this are an error, not only a warning.
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    image = _first_page(data) if media_type == "application/pdf" else _image(data, media_type)
    image = ImageOps.exif_transpose(image).convert("RGBA")
    image.thumbnail((EDGE, EDGE))
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image)
    answer = io.BytesIO()
    paper.save(answer, "PNG", optimize=True)
    return answer.getvalue()


def _image(data: bytes, media_type: str) -> Any:
    from PIL import Image

    if media_type == "image/heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    formats = {"image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIF"}
    image = Image.open(io.BytesIO(data), formats=[formats[media_type]])
    # JPEG can be decoded at a fraction of its size.
    image.draft("RGB", (2 * EDGE, 2 * EDGE))
    return image


def _first_page(data: bytes) -> Any:
    import pypdfium2

    page = pypdfium2.PdfDocument(data)[0]
    return page.render(scale=EDGE / max(*page.get_size(), 1)).to_pil()


def opens(data: bytes) -> bytes:
    import pypdfium2

    if is_active(data):
        return b"active"
    try:
        pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            return b"locked"
        raise
    return b"opens"


def is_active(data: bytes) -> bool:
    """Whether a PDF would run a script, start a program or hand over files by itself.

    The names of actions may stand in the file itself or in packed object streams, and may be written
    with escapes (`/J#61vaScript`). What pictures and fonts contain is not looked at.
    """
    return any(ACTIVE.search(_unescaped(part)) for part in _parts(data)) or _pdfium_says_so(data)


def _parts(data: bytes) -> list[bytes]:
    """The text outside of streams, and what is in object streams."""
    parts, at, left = [], 0, UNPACKED
    for stream in _STREAM.finditer(data):
        parts.append(data[at : stream.start()])
        at = stream.end()
        if b"ObjStm" in _unescaped(data[max(0, stream.start() - BEFORE) : stream.start()]):
            unpacked = _unpacked(stream[1], left)
            left -= len(unpacked)
            parts.append(unpacked)
    return [*parts, data[at:]]


def _unpacked(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, max(1, most))
    except zlib.error:
        return packed


def _unescaped(part: bytes) -> bytes:
    return _ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), part)


def _pdfium_says_so(data: bytes) -> bool:
    """Also for a file whose object streams are encrypted, but open without a password."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return False
    return bool(
        raw.FPDFDoc_GetJavaScriptActionCount(document) > 0
        or raw.FPDFDoc_GetAttachmentCount(document) > 0
    )


def main(command: str, media_type: str, source: BinaryIO, target: BinaryIO) -> None:
    limit_itself()
    data = source.read()
    target.write(picture(data, media_type) if command == "picture" else opens(data))
    target.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.stdin.buffer, sys.stdout.buffer)
