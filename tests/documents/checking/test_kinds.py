"""The kind of a file by its content, and the reason when it is refused."""

import io
import os
from collections.abc import Callable

import pytest

from portal.documents.checking import unsuitable
from portal.documents.checking.kinds import Kind, kind_of
from portal.documents.checking.unsuitable import Unsuitable
from portal.shared_files import SharedFiles
from tests.documents.checking import samples

MEGABYTE = 1024 * 1024

WHOLE: dict[str, tuple[Kind, Callable[[], bytes]]] = {
    "PDF": (Kind.PDF, samples.a_pdf),
    "PDF of a picture": (Kind.PDF, lambda: samples.a_picture("PDF")),
    "PDF with something before it": (Kind.PDF, lambda: b"\xef\xbb\xbf\n" + samples.a_pdf()),
    "PDF protected against changes": (
        Kind.PDF,
        lambda: samples.an_encrypted_pdf(user_password=b""),
    ),
    "PDF with its table elsewhere": (Kind.PDF, lambda: samples.a_pdf(table=False)),
    "JPEG": (Kind.JPEG, lambda: samples.a_picture("JPEG")),
    "progressive JPEG": (Kind.JPEG, lambda: samples.a_picture("JPEG", progressive=True)),
    "JPEG with a film behind it": (Kind.JPEG, lambda: samples.a_picture("JPEG") + bytes(5000)),
    "PNG": (Kind.PNG, lambda: samples.a_picture("PNG")),
    "HEIC": (Kind.HEIC, lambda: samples.a_picture("HEIF")),
    "DOCX": (Kind.DOCX, samples.a_docx),
    "English": (Kind.TXT, lambda: b"Dear Dr. Patel,\r\n\tthank you.\f"),
    "UTF-8": (Kind.TXT, lambda: "Grüße aus Łódź 👩‍⚕️".encode()),
    "UTF-8 with a mark": (Kind.TXT, lambda: "Łódź".encode("utf-8-sig")),
    "UTF-16": (Kind.TXT, lambda: "Łódź".encode("utf-16")),
    "Latin": (Kind.TXT, lambda: "Grüße – “1 €”".encode("cp1252")),
    "text that a piece cuts in two": (Kind.TXT, lambda: ("x" + "ß" * 100_000).encode()),
    "text about PDF": (Kind.TXT, lambda: b"A file begins with %PDF-1.7"),
}

REFUSED: dict[str, tuple[type[Unsuitable], str, Callable[[], bytes]]] = {
    "nothing": (unsuitable.Empty, "is empty", lambda: b""),
    "zeros": (unsuitable.WrongKind, "can't be added", lambda: bytes(5000)),
    "GIF": (unsuitable.WrongKind, "Graphics interchange", lambda: samples.a_picture("GIF")),
    "a film": (
        *(unsuitable.WrongKind, "MP4"),
        lambda: b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(5000),
    ),
    "AVIF": (
        *(unsuitable.WrongKind, "can't be added"),
        lambda: b"\0\0\0\x1cftypavif\0\0\0\0mif1avif" + bytes(100),
    ),
    "a program": (unsuitable.WrongKind, "can't be added", lambda: b"MZ\x90\0" + os.urandom(5000)),
    "text with a control character": (unsuitable.WrongKind, "added", lambda: b"text\x1b[2J" * 9),
    "text that ends in zeros": (unsuitable.WrongKind, "added", lambda: b"x" * 99_999 + b"\0"),
    "another archive": (
        *(unsuitable.WrongKind, "another archive"),
        lambda: samples.an_archive({"a.txt": "text"}),
    ),
    "a table": (
        *(unsuitable.WrongKind, "another archive or Office document"),
        lambda: samples.a_docx(body="xl/workbook.xml"),
    ),
    "an older Office document": (
        *(unsuitable.WrongKind, "older Office"),
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90_000),
    ),
    "a PDF with a password": (
        *(unsuitable.Locked, "password"),
        lambda: samples.an_encrypted_pdf(user_password=b"secret"),
    ),
    "an archive with a password": (
        *(unsuitable.Locked, "password"),
        lambda: samples.with_passwords(samples.a_docx()),
    ),
    "an Office document with a password": (
        *(unsuitable.Locked, "password"),
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(65_520)
            + "EncryptedPackage".encode("utf-16-le")
        ),
    ),
    "macros": (
        *(unsuitable.HasMacros, "macros"),
        lambda: samples.a_docx({"word/vbaProject.bin": b"x"}),
    ),
    "declared macros": (
        *(unsuitable.HasMacros, "macros"),
        lambda: samples.a_docx(types="application/vnd.ms-word.document.macroEnabled.main+xml"),
    ),
    "a bomb": (
        *(unsuitable.Bloated, "unpack"),
        lambda: samples.a_docx({"word/media/a.bmp": bytes(100 * MEGABYTE)}),
    ),
    "a bomb of overlapping entries": (
        *(unsuitable.Bloated, "unpack"),
        lambda: samples.with_directory(samples.a_docx({"a": os.urandom(5000)}), repeated=40),
    ),
    "a bomb of entries": (
        *(unsuitable.Bloated, "unpack"),
        lambda: samples.with_directory(samples.a_docx(), claimed=60_000),
    ),
    "a bomb in its directory": (
        *(unsuitable.Bloated, "unpack"),
        lambda: samples.with_directory(samples.a_docx({"a" * 60_000: b""}), repeated=9),
    ),
    "a PNG without a picture": (
        *(unsuitable.CutShort, "PNG"),
        lambda: samples.a_picture("PNG").replace(b"IDAT", b"IDOT"),
    ),
    "a PNG with a false size": (
        *(unsuitable.CutShort, "PNG"),
        lambda: samples.a_picture("PNG").replace(b"\0\0\2\x80", b"\xff\xff\xff\xff", 1),
    ),
    "a JPEG of headers alone": (
        *(unsuitable.CutShort, "JPEG"),
        lambda: b"\xff\xd8" + b"\xff\xe0\x00\x02" * 50_000 + b"\xff\xd9",
    ),
    "an archive that is packed strangely": (
        *(unsuitable.CutShort, "DOCX"),
        lambda: samples.a_docx().replace(b"\x08\x00", b"\x0e\x00"),
    ),
}


def judged(data: bytes, name: str = "letter") -> Kind:
    return kind_of(io.BytesIO(data), size=len(data), name=name)


@pytest.mark.parametrize("what", WHOLE)
def test_the_content_tells_the_kind(what: str) -> None:
    kind, make = WHOLE[what]

    assert judged(make()) is kind


@pytest.mark.parametrize("what", REFUSED)
def test_what_can_not_be_taken_is_refused_with_a_reason(what: str) -> None:
    reason, words, make = REFUSED[what]

    with pytest.raises(Unsuitable, match=words) as refusal:
        judged(make())
    assert type(refusal.value) is reason


@pytest.mark.parametrize("what", ["PDF", "JPEG", "progressive JPEG", "PNG", "HEIC", "DOCX"])
@pytest.mark.parametrize("part", [0.3, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off_is_refused(what: str, part: float) -> None:
    kind, make = WHOLE[what]
    whole = make()

    with pytest.raises(unsuitable.CutShort, match=f"This {kind.label} file is damaged or its end"):
        judged(whole[: int(len(whole) * part)])


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("letter.pdf", True),
        ("LETTER.PDF", True),
        ("letter", True),
        ("report.v2", True),
        ("../👩‍⚕️\n.pdf", True),
        ("letter.jpg", False),
        ("letter.docx", False),
        ("letter.html", False),
        ("letter.pdf.js", False),
        ("letter.exe", False),
    ],
)
def test_a_name_with_the_ending_of_another_kind_is_refused(name: str, accepted: bool) -> None:
    if accepted:
        assert judged(samples.a_pdf(), name) is Kind.PDF
    else:
        with pytest.raises(unsuitable.WrongExtension, match="but the file is a PDF file"):
            judged(samples.a_pdf(), name)


@pytest.mark.parametrize(
    ("name", "text", "instead"),
    [
        ("letter.rtf", r"{\rtf1\ansi Dear colleague}", "PDF or DOCX"),
        ("drawing.SVG", '<svg xmlns="http://www.w3.org/2000/svg"/>', "PDF or PNG"),
        ("page.html", "<!DOCTYPE html><p>Dear colleague", "PDF"),
    ],
)
def test_text_of_another_format_is_told_what_to_send_instead(
    name: str, text: str, instead: str
) -> None:
    with pytest.raises(
        unsuitable.OtherFormat, match=f"Save it as {instead} and send that"
    ) as fault:
        judged(text.encode(), name)
    assert "rename" not in fault.value.message
    assert judged(text.encode(), "letter.txt") is Kind.TXT


def test_the_true_content_counts_whatever_the_name() -> None:
    with pytest.raises(unsuitable.WrongKind):
        judged(b"MZ\x90\0" + bytes(500), "letter.pdf")


@pytest.mark.parametrize("what", ["PDF", "JPEG", "PNG", "HEIC", "DOCX", "UTF-8"])
def test_reads_from_the_shared_files(plain_store: SharedFiles, what: str) -> None:
    kind, make = WHOLE[what]
    data = make()
    with plain_store.begin(limit=MEGABYTE) as writer:
        writer.write(data)
        stored = writer.finish()
    with plain_store.open(stored) as reader:
        assert kind_of(reader, size=stored.size, name="letter") is kind
        assert not reader.closed
        reader.seek(0)
        assert reader.read() == data
