"""All zones share one folder. In a zone that is cut off, programs wait for it."""

import errno
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from pathlib import Path

import pytest

from tests.drill.building import network
from tests.drill.programs import Programs
from tests.drill.share import Share
from tests.drill.share_server import BROKEN, FULL, SHORT


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Share]:
    with network("zone-a", "zone-b", "region") as net:
        programs = Programs(net, tmp_path)
        share = Share(programs)
        (tmp_path / "before").mkdir()
        share.serve(tmp_path / "before")
        try:
            for zone in ("zone-a", "zone-b"):
                share.mount(zone)
            yield share
        finally:
            programs.kill_all()
            share.unmount()


def test_what_is_written_in_one_zone_is_read_in_another(share: Share) -> None:
    letter = b"a letter" * 50_000
    here, there = share.mounted("zone-a"), share.mounted("zone-b")
    (here / "folder").mkdir()
    with (here / "folder" / "draft").open("wb") as file:
        file.write(letter)
        os.fsync(file.fileno())
    (here / "folder" / "draft").rename(here / "folder" / "letter")
    assert (there / "folder" / "letter").read_bytes() == letter
    assert [one.name for one in (there / "folder").iterdir()] == ["letter"]
    with pytest.raises(FileNotFoundError):
        (there / "folder" / "draft").stat()


def test_it_hangs_where_it_is_cut_off_and_only_there(share: Share) -> None:
    (share.mounted("zone-a") / "letter").write_bytes(b"a letter")
    share.network.cut("zone-b")
    with ThreadPoolExecutor(1) as somebody:
        reading = somebody.submit((share.mounted("zone-b") / "letter").read_bytes)
        with pytest.raises(StillWaiting):
            reading.result(timeout=1)
        assert (share.mounted("zone-a") / "letter").read_bytes() == b"a letter"
        share.network.heal()
        assert reading.result(timeout=60) == b"a letter"


@pytest.mark.parametrize(("how", "number"), [(FULL, errno.ENOSPC), (BROKEN, errno.EIO)])
def test_it_can_refuse_every_write(share: Share, how: str, number: int) -> None:
    share.misbehave(how)
    with pytest.raises(OSError, match=os.strerror(number)):
        (share.mounted("zone-a") / "letter").write_bytes(b"a letter")
    share.behave()
    (share.mounted("zone-a") / "letter").write_bytes(b"a letter")


def test_it_can_write_less_than_it_was_given(share: Share) -> None:
    share.misbehave(SHORT)
    file = os.open(share.mounted("zone-a") / "letter", os.O_WRONLY | os.O_CREAT)
    try:
        assert os.write(file, b"a letter") == 4
    finally:
        os.close(file)
