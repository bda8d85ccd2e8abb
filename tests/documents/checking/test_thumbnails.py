"""Thumbnails are decoded in a process with few rights and a short time limit."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from portal.documents.checking import sandbox
from portal.documents.checking.kinds import Kind
from portal.documents.checking.thumbnails import thumbnail
from portal.shared_files import SharedFiles
from tests.documents.checking import samples

SIDEWAYS = Image.Exif()
SIDEWAYS[0x0112] = 6  # "rotate by 90 degrees to the right"


def picture_of(data: bytes, kind: Kind) -> Image.Image:
    answer = thumbnail(io.BytesIO(data), kind)
    assert answer
    return Image.open(io.BytesIO(answer))


def is_red(pixel: float | tuple[int, ...] | None) -> bool:
    assert isinstance(pixel, tuple)
    return pixel[0] > 180 and pixel[1] < 80


@pytest.mark.parametrize(
    ("kind", "format_"), [(Kind.JPEG, "JPEG"), (Kind.PNG, "PNG"), (Kind.HEIC, "HEIF")]
)
def test_a_picture_becomes_small(kind: Kind, format_: str) -> None:
    picture = picture_of(samples.a_picture(format_, (800, 500)), kind)

    assert (picture.format, picture.size) == ("PNG", (320, 200))
    assert is_red(picture.getpixel((5, 100)))
    assert not is_red(picture.getpixel((160, 5)))


@pytest.mark.parametrize(("kind", "format_"), [(Kind.JPEG, "JPEG"), (Kind.HEIC, "HEIF")])
def test_a_picture_stands_upright(kind: Kind, format_: str) -> None:
    picture = picture_of(samples.a_picture(format_, (800, 500), exif=SIDEWAYS.tobytes()), kind)

    assert picture.size == (200, 320)
    assert is_red(picture.getpixel((100, 5)))


def test_a_small_picture_stays_small() -> None:
    assert picture_of(samples.a_picture("PNG", (20, 10)), Kind.PNG).size == (20, 10)


def test_transparent_parts_become_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(target, "PNG")

    assert picture_of(target.getvalue(), Kind.PNG).getpixel((25, 25)) == (255, 255, 255)


def test_a_pdf_shows_its_first_page() -> None:
    picture = picture_of(samples.a_picture("PDF", (800, 500)), Kind.PDF)

    assert picture.size == (320, 200)
    assert is_red(picture.getpixel((5, 100)))
    assert picture_of(samples.a_pdf(), Kind.PDF).size == (227, 320)


def test_reads_from_the_shared_files(plain_store: SharedFiles) -> None:
    with plain_store.begin(limit=10**6) as writer:
        writer.write(samples.a_picture("JPEG"))
        stored = writer.finish()
    with plain_store.open(stored) as reader:
        assert thumbnail(reader, Kind.JPEG)
        assert not reader.closed


@pytest.mark.parametrize("kind", [Kind.TXT, Kind.DOCX])
def test_what_has_no_picture_gets_none(kind: Kind) -> None:
    assert thumbnail(io.BytesIO(b"text"), kind) is None


@pytest.mark.parametrize("kind", [Kind.PDF, Kind.JPEG, Kind.PNG, Kind.HEIC])
def test_what_can_not_be_decoded_gets_none(kind: Kind) -> None:
    broken = os.urandom(1000)
    for data in (b"", broken, samples.a_picture("GIF"), samples.a_picture("TIFF")):
        assert thumbnail(io.BytesIO(data), kind) is None


def test_a_picture_bomb_gets_none() -> None:
    target = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    assert len(target.getvalue()) < 100_000

    assert thumbnail(io.BytesIO(target.getvalue()), Kind.PNG) is None


HOSTILE = """
import sys
sys.path.insert(0, {folder!r})
import decoding_program
decoding_program.limit_itself()
{what}
"""


@pytest.mark.parametrize(
    "what",
    [
        "while True: pass",
        "import time; time.sleep(3600)",
        "print(len(bytes(2 * 1024**3)))",
        "open('/tmp/medicare-hub-hostile', 'w').write('x')",
    ],
)
def test_a_decoder_that_was_taken_over_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    program = tmp_path / "hostile.py"
    program.write_text(HOSTILE.format(folder=str(sandbox.PROGRAM.parent), what=what))
    monkeypatch.setattr(sandbox, "PROGRAM", program)
    monkeypatch.setattr(sandbox, "SECONDS", 2)

    assert thumbnail(io.BytesIO(b"x" * 500_000), Kind.PDF) is None


def test_the_decoder_sees_none_of_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret")
    program = tmp_path / "curious.py"
    program.write_text("import os; print(dict(os.environ).get('SECRET_KEY'), os.getcwd())")
    monkeypatch.setattr(sandbox, "PROGRAM", program)

    assert thumbnail(io.BytesIO(b""), Kind.PDF) == b"None /\n"
