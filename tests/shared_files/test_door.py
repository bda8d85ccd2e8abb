"""The door: which errands run, which wait and which are refused. Its deadlines are so long or so short that
no test depends on the machine's speed."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from portal.shared_files import Resting
from portal.shared_files.door import PLACES, Door
from portal.shared_files.mount import Descriptor
from tests.eventually import eventually

SOON, NEVER = 0.05, 3600.0


class Mount:
    """Errands that end only when the test releases them."""

    def __init__(self) -> None:
        self.gone = Event()
        self.begun: list[str] = []

    def hang(self, name: str = "errand") -> str:
        self.begun.append(name)
        self.gone.wait()
        return name


@pytest.fixture
def mount() -> Iterator[Mount]:
    mount = Mount()
    yield mount
    mount.gone.set()


def knock(door: Door, mount: Mount, refused: list[str], name: str = "errand") -> Thread:
    def go() -> None:
        try:
            door.through(lambda: mount.hang(name))
        except Resting:
            refused.append(name)

    thread = Thread(target=go)
    thread.start()
    return thread


def door_of(seconds: float, *, threads: int = 4, lives: bool = True) -> Door:
    return Door(seconds=seconds, threads=threads, lives=lambda: lives)


def test_gives_the_result_and_the_error() -> None:
    door = door_of(NEVER)

    assert door.through(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        door.through(lambda: 1 // 0)
    door.close()


def test_an_errand_that_itself_times_out_is_not_the_deadline() -> None:
    def time_out() -> None:
        raise TimeoutError("the file server's own")

    with pytest.raises(TimeoutError, match="own"):
        door_of(NEVER).through(time_out)


def test_nobody_waits_beyond_the_deadline(mount: Mount) -> None:
    with pytest.raises(Resting, match="Documents are not available"):
        door_of(SOON).through(mount.hang)


def test_what_is_finished_too_late_is_undone(mount: Mount) -> None:
    undone: list[str] = []
    with pytest.raises(Resting):
        door_of(SOON).through(mount.hang, undo=undone.append)

    assert undone == []
    mount.gone.set()
    assert eventually(lambda: undone == ["errand"])


def test_what_can_not_be_undone_costs_no_thread(mount: Mount) -> None:
    def fail(_: str) -> None:
        raise OSError("the disk is failing")

    door = door_of(SOON, threads=1)
    with pytest.raises(Resting):
        door.through(mount.hang, undo=fail)
    all_done = Event()
    door.whenever(all_done.set)
    mount.gone.set()

    assert all_done.wait(60)


def test_what_nobody_waits_for_any_more_is_not_begun(mount: Mount) -> None:
    door, all_done = door_of(SOON, threads=1), Event()
    for name in ("first", "second"):
        with pytest.raises(Resting):
            door.through(partial(mount.hang, name))
    door.whenever(all_done.set)
    mount.gone.set()

    assert all_done.wait(60)
    assert mount.begun == ["first"]


def test_one_slow_errand_keeps_nobody_else_waiting(mount: Mount) -> None:
    door = door_of(NEVER, threads=2)
    thread = knock(door, mount, [])
    assert eventually(lambda: mount.begun == ["errand"])

    assert [door.through(lambda: 7) for _ in range(100)] == [7] * 100
    mount.gone.set()
    thread.join()


def test_when_all_threads_are_stuck_the_next_errand_is_refused_at_once(
    mount: Mount, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = door_of(NEVER, threads=2)
    refused: list[str] = []
    threads = [knock(door, mount, refused) for _ in range(2)]
    assert eventually(lambda: len(mount.begun) == 2)
    monkeypatch.setattr("portal.shared_files.door.PATIENCE_SECONDS", 0)

    assert door.held_fast()
    with pytest.raises(Resting):
        door.through(lambda: 7)  # with an hour's deadline: only "at once" ends this test
    mount.gone.set()
    for thread in threads:
        thread.join()
    assert refused == []
    assert eventually(lambda: not door.held_fast())
    assert door.through(lambda: 7) == 7


def test_the_number_of_waiting_errands_is_limited(
    mount: Mount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.shared_files.door.PATIENCE_SECONDS", NEVER)
    door = door_of(NEVER, threads=1)
    refused: list[str] = []
    threads = [knock(door, mount, refused, str(number)) for number in range(PLACES + 5)]

    assert eventually(lambda: len(refused) == 5)
    mount.gone.set()
    for thread in threads:
        thread.join()
    assert len(mount.begun) == PLACES


def test_a_mount_that_is_known_to_be_away_costs_no_thread(mount: Mount) -> None:
    door = door_of(NEVER, lives=False)

    with pytest.raises(Resting):
        door.through(mount.hang)
    assert mount.begun == []


def test_when_the_mount_is_lost_all_who_wait_are_told_at_once(mount: Mount) -> None:
    door = door_of(NEVER, threads=2)
    refused: list[str] = []
    threads = [knock(door, mount, refused) for _ in range(5)]
    assert eventually(lambda: len(door._waiting) == 5)

    door.dismiss()

    for thread in threads:
        thread.join()
    assert len(refused) == 5


def test_whenever_does_not_wait(mount: Mount) -> None:
    door, done = door_of(NEVER, threads=1), Event()
    refused: list[str] = []
    thread = knock(door, mount, refused)
    assert eventually(lambda: mount.begun == ["errand"])

    door.whenever(done.set)

    assert not done.is_set()
    mount.gone.set()
    assert done.wait(60)
    thread.join()


def test_a_file_is_not_closed_while_an_errand_uses_it(tmp_path: Path, mount: Mount) -> None:
    """Otherwise its descriptor may belong to another file when a stuck thread continues."""
    descriptor = Descriptor(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    numbers: list[int] = []

    def write(number: int) -> None:
        mount.hang()
        numbers.append(os.write(number, b"text"))

    thread = Thread(target=lambda: descriptor.use(write))
    thread.start()
    assert eventually(lambda: mount.begun == ["errand"])

    descriptor.let_go()
    mount.gone.set()
    thread.join()

    assert numbers == [4]
    with pytest.raises(ValueError, match="closed"):
        descriptor.use(write)
