"""A mount that really hangs: the errors, at once or after the deadline, and what is left."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from portal.errors import Unavailable
from portal.shared_files import Resting, SharedFiles, watchdog
from portal.shared_files.door import THREADS
from tests.eventually import eventually
from tests.hanging_files import HangingFiles
from tests.shared_files.letters import STEPS, on_disk, stored

HOUR = 3600


def outcome_of(work: Callable[[], object]) -> str:
    try:
        work()
    except Unavailable as fault:
        return type(fault).__name__
    return "done"


def all_errands_are_done(store: SharedFiles) -> None:
    """Returns when each of the door's threads is at something that came later than all before."""
    meeting = Barrier(THREADS + 1)
    for _ in range(THREADS):
        store._mount.whenever(meeting.wait)
    meeting.wait(HOUR)


@pytest.mark.parametrize("step", STEPS)
def test_a_hang_at_any_step_is_reported_and_leaves_no_half_file(
    hanging_store: SharedFiles, files: HangingFiles, step: str
) -> None:
    stored(hanging_store)
    files.hang(step)

    # In another folder each, so that each makes one, and syncs its parent.
    with pytest.raises(Resting, match="Documents are not available"):
        stored(hanging_store)
    files.wait_for(step)
    files.let_go()

    all_errands_are_done(hanging_store)
    assert not any(path.suffix for path in on_disk(files))
    for found in hanging_store.kept():
        assert found.size == len(b"a letter")
    assert hanging_store.open_intact(stored(hanging_store)).read() == b"a letter"


def test_a_hang_while_reading_is_reported_too(
    hanging_store: SharedFiles, files: HangingFiles
) -> None:
    file = stored(hanging_store)
    reader = hanging_store.open(file)
    files.hang("read")

    with pytest.raises(Resting):
        reader.read()
    files.let_go()
    assert reader.read() == b"a letter"


def test_a_hanging_mount_holds_four_threads_and_refuses_the_others(files: HangingFiles) -> None:
    """Its deadline is an hour: unless the others are refused at once, this test never ends."""
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


def test_when_all_threads_are_stuck_the_store_does_not_say_that_it_works(
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
