"""A file system that fails, fills up, turns read-only or disappears: the errors, and what is left."""

import errno

import pytest

from portal.errors import Unavailable
from portal.shared_files import Broken, Full, ReadOnly, Resting, SharedFiles, Vanished
from tests.eventually import eventually
from tests.hanging_files import HangingFiles
from tests.shared_files.letters import STEPS, on_disk, stored


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
def test_each_failure_has_its_own_error_and_leaves_no_file(
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
        with pytest.raises(Full, match="no space"):
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
        with pytest.raises(Resting):  # Vanished, unless the watchdog knows it already
            use()
    assert eventually(lambda: (hanging_store.trouble or "").startswith("fails: "))


def test_the_folder_under_an_unmounted_disk_is_not_written_to(
    hanging_store: SharedFiles, files: HangingFiles
) -> None:
    file = stored(hanging_store)
    files.unmount()

    for use in (lambda: stored(hanging_store), lambda: hanging_store.open(file)):
        with pytest.raises(Resting):  # Vanished, unless the watchdog knows it already
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
