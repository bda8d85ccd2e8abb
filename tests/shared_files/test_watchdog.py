"""The watchdog's program: one for each process. It ends with it, and is restarted when it ends alone."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.shared_files import SharedFiles, watchdog
from tests.eventually import eventually

ROOT = Path(__file__).parents[2]
WATCHES = """
import sys
from pathlib import Path
from portal.shared_files import SharedFiles

SharedFiles(Path(sys.argv[1])).staged("key")
print("watches", flush=True)
sys.stdin.read()
"""


def programs(directory: Path) -> list[int]:
    """Those that watch this directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if "pulse.py" in " ".join(arguments) and any(
            argument.startswith(f"{directory}/") for argument in arguments
        ):
            found.append(int(process.name))
    return found


def test_it_begins_with_the_first_errand_and_ends_with_the_store(
    store: SharedFiles, tmp_path: Path
) -> None:
    directory = tmp_path / "shared"
    assert programs(directory) == []
    for _ in range(20):
        store.staged("key")

    assert eventually(lambda: len(programs(directory)) == 1)
    store.close()
    assert eventually(lambda: programs(directory) == [])


def test_it_begins_again_when_it_was_ended(store: SharedFiles, tmp_path: Path) -> None:
    directory = tmp_path / "shared"
    store.staged("key")
    assert eventually(lambda: len(programs(directory)) == 1)
    (first,) = programs(directory)

    os.kill(first, signal.SIGKILL)

    assert eventually(lambda: programs(directory) not in ([], [first]))
    assert eventually(lambda: store.lives)


def test_it_begins_as_soon_as_a_process_can_be_started(
    store: SharedFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, refused = watchdog._start, [1, 2]

    def refuse_twice(marker: Path) -> "subprocess.Popen[bytes]":
        if refused:
            refused.pop()
            raise BlockingIOError(errno.EAGAIN, "no process to be had")
        return start(marker)

    monkeypatch.setattr(watchdog, "_start", refuse_twice)
    store.staged("key")

    assert eventually(lambda: len(programs(tmp_path / "shared")) == 1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_process(store: SharedFiles, tmp_path: Path, number: int) -> None:
    directory = tmp_path / "shared"
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHES, str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "watches\n"
    assert eventually(lambda: len(programs(directory)) == 1)

    process.send_signal(number)
    process.communicate()

    assert eventually(lambda: programs(directory) == [])


def test_a_disk_that_is_mounted_later_is_noticed(tmp_path: Path) -> None:
    store = SharedFiles(tmp_path / "shared")
    with pytest.raises(Exception, match="not available at the moment"):
        store.staged("key")
    assert eventually(lambda: store.trouble == "is not mounted")

    store.prepare()

    assert eventually(lambda: store.lives)
    assert store.staged("key") == []
    store.close()
