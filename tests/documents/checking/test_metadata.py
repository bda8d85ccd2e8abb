"""Metadata is removed from pictures, and nothing else changes."""

import io
from typing import Any

import pillow_heif
import pytest
from PIL import Image, PngImagePlugin

from portal.documents.checking.kinds import Kind, kind_of
from portal.documents.checking.metadata import edited, edits
from portal.documents.checking.pieces import in_pieces
from tests.documents.checking import samples

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
SECRET = "Stella Maris Hospital, ward 4"


def an_exif(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = orientation, SECRET
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    return exif


def bare(data: bytes) -> bytes:
    file = io.BytesIO(data)
    kind = kind_of(file, size=len(data), name="picture")
    with in_pieces(file) as readable:
        changes = edits(readable, len(data), kind)
        made = b"".join(edited(readable, len(data), changes)) if changes else data
    assert kind_of(io.BytesIO(made), size=len(made), name="picture") is kind
    return made


def pixels(data: bytes) -> bytes:
    pillow_heif.register_heif_opener()
    return Image.open(io.BytesIO(data)).convert("RGB").tobytes()


def with_notes() -> dict[str, bytes]:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET)
    text.add_text("Author", SECRET, zip=True)
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"comment": SECRET, "xmp": f"<x>{SECRET}</x>".encode()},
        "PNG": {"pnginfo": text},
        "HEIF": {"xmp": f"<x>{SECRET}</x>".encode()},
    }
    return {form: samples.a_picture(form, exif=an_exif(), **more) for form, more in options.items()}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "HEIF"])
def test_places_makers_and_notes_are_left_out_and_the_picture_stays(form: str) -> None:
    data = with_notes()[form]
    assert SECRET.encode() in data

    made = bare(data)

    assert SECRET.encode() not in made
    assert pixels(made) == pixels(data)
    exif = Image.open(io.BytesIO(made)).getexif()
    assert exif.get_ifd(GPS) == {}
    assert MAKER not in exif


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_which_side_is_up_is_kept(form: str, turned: int) -> None:
    data = samples.a_picture(form, exif=an_exif(turned))

    exif = Image.open(io.BytesIO(bare(data))).getexif()

    assert dict(exif) == ({} if turned == 1 else {ORIENTATION: turned})


@pytest.mark.parametrize("form", ["JPEG", "PNG", "HEIF"])
def test_a_picture_without_notes_stays_as_it_is(form: str) -> None:
    data = samples.a_picture(form)

    assert bare(data) == data


def test_a_second_picture_behind_the_first_goes() -> None:
    data = samples.a_picture("JPEG", progressive=True)

    assert bare(data + with_notes()["JPEG"]) == data


def test_colours_are_kept() -> None:
    profile = bytes(range(256)) * 8
    made = bare(samples.a_picture("JPEG", icc_profile=profile, exif=an_exif()))

    assert Image.open(io.BytesIO(made)).info["icc_profile"] == profile


@pytest.mark.parametrize("exif", [b"", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff"])
def test_notes_that_are_not_understood_go_too(exif: bytes) -> None:
    data = samples.a_picture("JPEG")
    note = b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif

    assert bare(data[:2] + note + data[2:]) == data


def test_other_kinds_are_left_alone() -> None:
    data = samples.a_pdf()

    with in_pieces(io.BytesIO(data)) as file:
        assert edits(file, len(data), Kind.PDF) == []
