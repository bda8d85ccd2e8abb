"""Makes files of each kind: intact, locked and malicious."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import pillow_heif
from PIL import Image

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override'
    ' PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
"""Of PDF's standard security handler (ISO 32000-1, 7.6.3.3)."""


def picture(size: tuple[int, int] = (640, 400)) -> Image.Image:
    """Noise, which no format compresses much. It is red on the left, so that tests see a rotation."""
    image = Image.effect_noise(size, 60).convert("RGB")
    image.paste("red", (0, 0, size[0] // 8, size[1]))
    return image


def a_picture(format_: str, size: tuple[int, int] = (640, 400), **options: Any) -> bytes:
    if format_ == "HEIF":
        pillow_heif.register_heif_opener()
    target = io.BytesIO()
    picture(size).save(target, format_, **options)
    return target.getvalue()


def a_pdf(
    *, attachment: bytes | None = None, catalog: str = "", trailer: str = "", table: bool = True
) -> bytes:
    """One page of A4. `catalog` and `trailer` are added to those dictionaries."""
    packed = zlib.compress(attachment or b"")
    files = b"/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s %s >>"
        % (b"" if attachment is None else files, catalog.encode()),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Type /Filespec /F (a.txt) /EF << /F 5 0 R >> >>",
        b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (b"" if attachment is None else b"/Type /EmbeddedFile", len(packed), packed),
    ]
    pdf, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(pdf)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    pdf += b"xref\n0 6\n0000000000 65535 f \n" + entries
    pdf += f"trailer\n<< /Size 6 /Root 1 0 R {trailer} >>\n".encode()
    return bytes(pdf) + b"startxref\n%d\n%%%%EOF\n" % (start if table else 0)


def an_encrypted_pdf(*, user_password: bytes) -> bytes:
    """Encrypted with RC4 of 128 bits; without a user password it is only protected against changes."""
    identity, permissions = b"0123456789abcdef", -44
    owner = _rc4_19_times(_owner_key(), _padded(user_password))
    key = hashlib.md5(  # noqa: S324
        _padded(user_password) + owner + struct.pack("<i", permissions) + identity
    ).digest()
    for _ in range(50):
        key = hashlib.md5(key).digest()  # noqa: S324
    user = _rc4_19_times(key, hashlib.md5(PADDING + identity).digest()) + bytes(16)  # noqa: S324
    return a_pdf(
        trailer=f"/ID [<{identity.hex()}> <{identity.hex()}>] /Encrypt << /Filter /Standard /V 2 /R 3"
        f" /Length 128 /P {permissions} /O <{owner.hex()}> /U <{user.hex()}> >>"
    )


def a_docx(
    more: Mapping[str, bytes | str] | None = None,
    *,
    types: str = CONTENT_TYPES,
    body: str = "word/document.xml",
) -> bytes:
    parts = {"[Content_Types].xml": types, body: "<w:document/>", **(more or {})}
    return an_archive(parts)


def a_docx_that_refers_to(target: str, kind: str) -> bytes:
    """A Word document with an external relationship of this `kind`."""
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    part = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{types}/{kind}" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    )
    return a_docx({"word/_rels/settings.xml.rels": part})


def a_pdf_with_packed_objects(objects: bytes) -> bytes:
    packed = zlib.compress(objects)
    stream = b"7 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\n" % len(
        packed
    )
    part = stream + b"stream\n" + packed + b"\nendstream\nendobj\n"
    return a_pdf().replace(b"xref\n0 6", part + b"xref\n0 6", 1)


def an_archive(parts: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_directory(archive: bytes, *, repeated: int = 1, claimed: int | None = None) -> bytes:
    """The archive with a repeated directory, or with another number of entries."""
    end = archive.rindex(b"PK\x05\x06")
    entries, _, offset = struct.unpack("<HII", archive[end + 10 : end + 20])
    directory = archive[offset:end] * repeated
    entries = entries * repeated if claimed is None else claimed
    sizes = struct.pack("<HHII", entries, entries, len(directory), offset)
    return archive[:offset] + directory + archive[end : end + 8] + sizes + archive[end + 20 :]


def with_passwords(archive: bytes) -> bytes:
    """The archive with each directory entry marked as encrypted."""
    start = archive.index(b"PK\x01\x02")
    return archive[:start] + archive[start:].replace(b"\x14\x00\x00\x00", b"\x14\x00\x01\x00")


def _owner_key() -> bytes:
    key = hashlib.md5(_padded(b"owner")).digest()  # noqa: S324
    for _ in range(50):
        key = hashlib.md5(key).digest()  # noqa: S324
    return key


def _padded(password: bytes) -> bytes:
    return (password + PADDING)[:32]


def _rc4_19_times(key: bytes, data: bytes) -> bytes:
    for step in range(20):
        data = _rc4(bytes(byte ^ step for byte in key), data)
    return data


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i, j, answer = 0, 0, bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        answer.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(answer)
