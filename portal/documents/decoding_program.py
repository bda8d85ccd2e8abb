"""The program that decodes files from strangers. It runs alone, by its path: see `sandbox.py`.

    python -I decoding_program.py picture|open <media type>  < file  > answer

`picture` answers with a small PNG of the picture or the first page, `open` whether a PDF opens
without a password. Anything else ends with another status than 0.
"""

import io
import resource
import sys
import warnings
from typing import Any, BinaryIO

EDGE = 320
PIXELS = 100_000_000
MEMORY_BYTES = 1024**3
CPU_SECONDS = 15


def limit_itself() -> None:
    """Before a byte is read: memory, time, and no file may be written."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def picture(data: bytes, media_type: str) -> bytes:
    from PIL import Image, ImageOps

    # More pixels than this are an error instead of a warning.
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

    try:
        pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            return b"locked"
        raise
    return b"opens"


def main(command: str, media_type: str, source: BinaryIO, target: BinaryIO) -> None:
    limit_itself()
    data = source.read()
    target.write(picture(data, media_type) if command == "picture" else opens(data))
    target.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.stdin.buffer, sys.stdout.buffer)
