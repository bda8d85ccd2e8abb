"""A mount that really hangs, fails, fills up and vanishes: what is told, and what remains."""

import errno
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.errors import Unavailable
from portal.shared_files import (
    Broken,
    Full,
    ReadOnly,
    Resting,
    SharedFiles,
    StoredFile,
    Vanished,
    watchdog,
)
from portal.shared_files.door import THREADS
from tests.hanging_files import HangingFiles
from tests.shared_files.eventually import eventually

STEPS = ("create", "write", "fsync", "rename", "fsyncdir")
HOUR = 3600


@pytest.fixture(autouse=True)
def _watches_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "INTERVAL_SECONDS", 0.1)


def stored(store: SharedFiles, data: bytes = b"a letter") -> StoredFile:
    with store.begin(limit=1000) as writer:
        writer.write(data)
        return writer.finish()


def outcome_of(work: Callable[[], object]) -> str:
    try:
        work()
    except Unavailable as fault:
        return type(fault).__name__
    return "done"


def on_disk(files: HangingFiles) -> list[Path]:
    return [path for path in (files.source / "kept").rglob("*") if path.is_file()]


@pytest.mark.parametrize("step", STEPS)
def test_a_hang_at_any_step_is_told_and_leaves_no_half(
    hanging_store: SharedFiles, files: HangingFiles, step: str
) -> None:
    stored(hanging_store)
    files.hang(step)

    # In another folder each, so that each makes one, and syncs its parent.
    with pytest.raises(Resting, match="Documents are resting"):
        stored(hanging_store)
    files.wait_for(step)
    files.let_go()

    assert eventually(lambda: not any(path.suffix for path in on_disk(files)))
    for found in hanging_store.kept():
        assert found.size == len(b"a letter")
    assert hanging_store.open_intact(stored(hanging_store)).read() == b"a letter"


def test_what_reads_is_told_too(hanging_store: SharedFiles, files: HangingFiles) -> None:
    file = stored(hanging_store)
    reader = hanging_store.open(file)
    files.hang("read")

    with pytest.raises(Resting):
        reader.read()
    files.let_go()
    assert reader.read() == b"a letter"


def test_a_dark_mount_holds_four_threads_and_nobody_else(files: HangingFiles) -> None:
    """Its deadline is an hour: everybody here is turned away at once, or this test never ends."""
    store = SharedFiles(files.mount, seconds=HOUR)
    file = stored(store)
    files.hang()
    with ThreadPoolExecutor(16) as people:
        outcomes = list(people.map(lambda _: outcome_of(lambda: store.open(file)), range(16)))
        assert outcomes == ["Resting"] * 16
        assert store.trouble == watchdog.SILENT

        outcomes = list(people.map(lambda _: outcome_of(lambda: store.open(file)), range(500)))
        assert outcomes == ["Resting"] * 500
        assert list(people.map(lambda number: number * 2, range(16))) == [*range(0, 32, 2)]

    files.let_go()
    assert eventually(lambda: store.lives)
    assert store.open_intact(file).read() == b"a letter"
    store.close()


def test_the_watchdog_needs_no_request_to_notice(
    hanging_store: SharedFiles, files: HangingFiles
) -> None:
    assert hanging_store.staged("key") == []
    assert hanging_store.lives
    files.hang("statfs")

    assert eventually(lambda: hanging_store.trouble == watchdog.SILENT)
    assert "statfs" not in files.operations()
    files.let_go()
    assert eventually(lambda: hanging_store.lives)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (errno.ENOSPC, Full),
        (errno.EDQUOT, Full),
        (errno.EROFS, ReadOnly),
        (errno.EIO, Broken),
        (errno.ESTALE, Vanished),
        (errno.ETIMEDOUT, Resting),
    ],
)
@pytest.mark.parametrize("step", STEPS)
def test_each_failure_is_told_in_its_own_words_and_leaves_nothing(
    hanging_store: SharedFiles,
    files: HangingFiles,
    step: str,
    number: int,
    fault: type[Unavailable],
) -> None:
    files.fail(number, step)

    with pytest.raises(Unavailable) as told:
        stored(hanging_store)

    assert type(told.value) is fault
    assert len(told.value.message) > 50
    files.mend()
    if step != "fsyncdir":
        assert eventually(lambda: on_disk(files) == [])
    assert stored(hanging_store)


def test_a_full_disk_in_the_middle_of_a_file(
    hanging_store: SharedFiles, files: HangingFiles
) -> None:
    writer = hanging_store.begin(limit=10**7)
    writer.write(b"x" * 10**6)
    files.fail(errno.ENOSPC, "write")

    for _ in range(2):
        with pytest.raises(Full, match="no room"):
            writer.write(b"x" * 10**6)
    with pytest.raises(Full):
        writer.finish()
    assert eventually(lambda: on_disk(files) == [])


def test_a_small_file_is_replaced_whole_or_not_at_all(
    hanging_store: SharedFiles, files: HangingFiles
) -> None:
    hanging_store.put("a/b", b"before")
    for step in ("create", "write", "fsync", "rename"):
        files.fail(errno.ENOSPC, step)
        with pytest.raises(Full):
            hanging_store.put("a/b", b"afterwards")
        files.mend()
        assert hanging_store.get("a/b") == b"before"
    assert hanging_store.names("a") == ["a/b"]
    assert [path.name for path in (files.source / "whole" / "a").iterdir()] == ["b"]


def test_on_a_read_only_disk_documents_can_still_be_opened(
    hanging_store: SharedFiles, files: HangingFiles
) -> None:
    file = stored(hanging_store)
    files.fail(errno.EROFS, "create", "write", "mkdir", "rename", "unlink")

    with pytest.raises(ReadOnly, match="can be opened but not added"):
        stored(hanging_store)
    assert hanging_store.open_intact(file).read() == b"a letter"
    assert hanging_store.lives


def test_a_file_system_that_died(hanging_store: SharedFiles, files: HangingFiles) -> None:
    file = stored(hanging_store)
    files.vanish()

    for use in (lambda: stored(hanging_store), lambda: hanging_store.open(file)):
        with pytest.raises(Vanished):
            use()
    assert eventually(lambda: (hanging_store.trouble or "").startswith("fails: "))


def test_the_folder_under_an_unmounted_disk_is_not_written_to(
    hanging_store: SharedFiles, files: HangingFiles
) -> None:
    file = stored(hanging_store)
    files.unmount()

    for use in (lambda: stored(hanging_store), lambda: hanging_store.open(file)):
        with pytest.raises(Vanished):
            use()
    assert list(files.mount.iterdir()) == []
    assert eventually(lambda: hanging_store.trouble == "is not mounted")


def test_a_file_is_on_the_disk_before_it_has_its_name_and_the_name_before_anybody_knows(
    hanging_store: SharedFiles, files: HangingFiles
) -> None:
    stored(hanging_store)
    seen = [each for each in files.operations() if each in STEPS]

    assert seen[-5:] == ["create", "write", "fsync", "rename", "fsyncdir"]


def test_so_is_a_small_one(hanging_store: SharedFiles, files: HangingFiles) -> None:
    hanging_store.put("a/b", b"1")
    hanging_store.put("a/b", b"2")
    seen = [each for each in files.operations() if each in STEPS]

    assert seen[-5:] == ["create", "write", "fsync", "rename", "fsyncdir"]


def test_when_all_are_held_fast_the_store_does_not_say_that_it_lives(
    hanging_store: SharedFiles, files: HangingFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.shared_files.door.PATIENCE_SECONDS", 0.2)
    hanging_store.staged("key")
    files.hang("create")
    with ThreadPoolExecutor(THREADS) as people:
        list(people.map(lambda _: outcome_of(lambda: stored(hanging_store)), range(THREADS)))

    assert hanging_store.trouble == "holds everybody up"
    assert not hanging_store.lives
    files.let_go()
    assert eventually(lambda: hanging_store.lives)
