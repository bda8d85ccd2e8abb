"""Makes small, valid files of each kind that people send."""

import io
import zipfile
from functools import cache

from PIL import Image


@cache
def a_pdf(words: str = "A letter", pages: int = 1) -> bytes:
    """Pages with a colour that depends on `words`, so that each text gives another file."""
    colour = tuple(sum(words.encode()) * factor % 256 for factor in (3, 7, 11))
    picture = Image.new("RGB", (420, 594), colour)
    return _saved(picture, "PDF", save_all=True, append_images=[picture] * (pages - 1), title=words)


@cache
def a_jpeg(colour: str = "teal", size: tuple[int, int] = (640, 480)) -> bytes:
    return _saved(Image.new("RGB", size, colour), "JPEG")


@cache
def a_png(colour: str = "teal", size: tuple[int, int] = (640, 480)) -> bytes:
    return _saved(Image.new("RGB", size, colour), "PNG")


def a_text(words: str = "Haemoglobin 134 g/L\n") -> bytes:
    return words.encode()


def a_long_text(size: int) -> bytes:
    """Text of this many bytes."""
    line = b"0123456789 the same line again and again, and once more\n"
    return (line * (size // len(line) + 1))[:size]


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    data = io.BytesIO()
    picture.save(data, form, **options)
    return data.getvalue()


@cache
def a_docx(words: str = "A letter", filling: int = 0) -> bytes:
    """A Word document. `filling` adds this many zero bytes, which compress well."""
    parts = {
        "[Content_Types].xml": (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.wordprocessingml.document.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"
        ),
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        if filling:
            with archive.open("word/media/picture.bin", "w", force_zip64=True) as part:
                for _ in range(filling // 2**20):
                    part.write(bytes(2**20))
    return data.getvalue()
