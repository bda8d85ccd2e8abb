"""A picture is stored without what it says besides the picture."""

import pytest
from flask import Flask
from PIL import Image

from portal.documents.adding.receiving import Tray
from portal.documents.checking.kinds import Kind
from portal.shared_files import Missing, SharedFiles, StoredFile
from tests.documents.checking import samples


def kept(store: SharedFiles, data: bytes) -> StoredFile:
    with store.begin(limit=len(data)) as writer:
        writer.write(data)
        return writer.finish()


def test_the_bare_file_takes_the_place_of_the_one_that_came(app: Flask) -> None:
    store: SharedFiles = app.extensions["shared_files"]
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    came = kept(store, samples.a_picture("JPEG", exif=exif))
    tray = Tray(store, "key", "token")

    stored = tray.bare(came, Kind.JPEG)

    with store.open_intact(stored) as file:
        content = file.readall()
    assert b"A maker" not in content
    assert stored.size == len(content) < came.size
    with pytest.raises(Missing):
        store.open(came)
    assert tray.bare(stored, Kind.JPEG) == stored
