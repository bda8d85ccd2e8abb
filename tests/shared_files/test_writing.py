"""Writing a file: it is complete and durable under its name, or not there at all."""

import gc
import hashlib
import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from werkzeug.formparser import MultiPartParser

from portal.shared_files import FileWriter, SharedFiles, StoredFile, TooLarge
from tests.eventually import eventually

LIMIT = 30 * 1024 * 1024
KILOBYTE = bytes(range(256)) * 4


def on_disk(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "shared" / "kept").rglob("*") if path.is_file()]


def nothing_remains(tmp_path: Path) -> bool:
    return eventually(lambda: on_disk(tmp_path) == [])


def stored(store: SharedFiles, data: bytes) -> StoredFile:
    with store.begin(limit=LIMIT) as writer:
        writer.write(data)
        return writer.finish()


@pytest.mark.parametrize("size", [1, 1024, 256 * 1024, 256 * 1024 + 1, 3_000_000])
def test_what_went_in_comes_out(store: SharedFiles, size: int) -> None:
    data = (KILOBYTE * (size // 1024 + 1))[:size]

    found = stored(store, data)

    assert (found.size, found.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert store.open_intact(found).read() == data


def test_an_empty_file_is_a_file(store: SharedFiles) -> None:
    found = store.begin(limit=LIMIT).finish()

    assert found.size == 0
    assert store.open_intact(found).read() == b""


def test_the_same_content_twice_is_two_files(store: SharedFiles) -> None:
    first, second = stored(store, KILOBYTE), stored(store, KILOBYTE)

    assert first.name != second.name
    assert first.sha256 == second.sha256


def test_a_file_on_disk_tells_nothing_and_nobody_else_may_read_it(
    store: SharedFiles, tmp_path: Path
) -> None:
    found = stored(store, b"a letter")

    (path,) = on_disk(tmp_path)
    assert path.name == found.name
    assert path.parent.name == found.name[:2]
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_finishing_again_gives_the_same_result(store: SharedFiles) -> None:
    writer = store.begin(limit=LIMIT)
    writer.write(KILOBYTE)

    assert writer.finish() == writer.finish() == writer.stored
    with pytest.raises(ValueError, match="complete"):
        writer.write(KILOBYTE)


def test_an_unfinished_file_is_not_kept(store: SharedFiles, tmp_path: Path) -> None:
    with store.begin(limit=LIMIT) as writer:
        for _ in range(1000):
            writer.write(KILOBYTE)
        assert [path.suffix for path in on_disk(tmp_path)] == [".part"]
        assert list(store.kept()) == []

    assert nothing_remains(tmp_path)
    with pytest.raises(ValueError, match="closed"):
        writer.finish()


def test_a_forgotten_writer_leaves_nothing(store: SharedFiles, tmp_path: Path) -> None:
    writer = store.begin(limit=LIMIT)
    for _ in range(1000):
        writer.write(KILOBYTE)

    del writer
    gc.collect()

    assert nothing_remains(tmp_path)


def test_a_finished_file_stays_after_its_writer_is_gone(store: SharedFiles) -> None:
    found = stored(store, KILOBYTE)
    gc.collect()

    assert store.open_intact(found).read() == KILOBYTE


def test_the_limit_is_enforced_while_writing(store: SharedFiles, tmp_path: Path) -> None:
    writer = store.begin(limit=1024 * 1024)
    writer.write(KILOBYTE * 1024)
    for _ in range(2):
        with pytest.raises(TooLarge, match=r"larger than 1 MB\."):
            writer.write(b"x")
    with pytest.raises(TooLarge):
        writer.finish()

    assert nothing_remains(tmp_path)


def test_a_file_of_exactly_the_limit_is_taken(store: SharedFiles) -> None:
    writer = store.begin(limit=1024)
    writer.write(KILOBYTE)

    assert writer.finish().size == 1024


def test_it_can_only_be_sought_to_its_beginning(store: SharedFiles) -> None:
    writer = store.begin(limit=LIMIT)

    with pytest.raises(io.UnsupportedOperation):
        writer.seek(5)


def test_a_large_file_is_never_in_memory(store: SharedFiles) -> None:
    tracemalloc.start()
    with store.begin(limit=LIMIT) as writer:
        for _ in range(25 * 16):
            writer.write(KILOBYTE * 64)
        found = writer.finish()
    with store.open_intact(found) as reader:
        while reader.read(256 * 1024):
            pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found.size == 25 * 1024 * 1024
    assert most < 3 * 1024 * 1024


def multipart(data: bytes, boundary: str) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode()


def parser_into(store: SharedFiles) -> MultiPartParser:
    def begin(*_: object, **__: object) -> Any:
        return store.begin(limit=LIMIT)

    return MultiPartParser(stream_factory=begin)


def test_it_goes_where_werkzeug_wants_a_file(store: SharedFiles) -> None:
    data = KILOBYTE * 700
    body = multipart(data, "limit")
    parser = parser_into(store)

    _, files = parser.parse(io.BytesIO(body), b"limit", len(body))

    writer = files["file"].stream
    assert isinstance(writer, FileWriter)
    assert writer.stored
    assert store.open_intact(writer.stored).read() == data


def test_a_request_that_breaks_off_leaves_nothing(store: SharedFiles, tmp_path: Path) -> None:
    body = multipart(KILOBYTE * 700, "limit")[:500_000]
    parser = parser_into(store)

    with pytest.raises(ValueError, match="cannot parse"):
        parser.parse(io.BytesIO(body), b"limit", len(body))
    gc.collect()

    assert nothing_remains(tmp_path)
