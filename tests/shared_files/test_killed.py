"""The process is killed, really, at each step between a file's first byte and its name."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.shared_files import SharedFiles
from tests.hanging_files import HangingFiles

ROOT = Path(__file__).parents[2]
SIZE = 700_000
UPLOAD = f"""
import sys
from pathlib import Path
from portal.shared_files import SharedFiles

store = SharedFiles(Path(sys.argv[1]), seconds=3600)
with store.begin(limit=10**6) as writer:
    writer.write(b"x" * {SIZE})
    print(writer.finish().name, flush=True)
"""


def upload(files: HangingFiles) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", UPLOAD, str(files.mount)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("step", ["mkdir", "create", "write", "fsync", "rename", "fsyncdir"])
def test_a_killed_upload_is_whole_or_not_kept(files: HangingFiles, step: str) -> None:
    store = SharedFiles(files.mount)
    if step == "fsyncdir":
        _make_all_folders(files)  # so that the first one that is synced holds the file's new name
    files.hang(step)
    process = upload(files)
    files.wait_for(step)

    process.send_signal(signal.SIGKILL)
    files.let_go()
    said, _ = process.communicate()

    assert said == ""
    kept = list(store.kept())
    assert [found.size for found in kept] == ([SIZE] if step in ("rename", "fsyncdir") else [])
    store.sweep_unfinished(datetime.now(UTC) + timedelta(hours=25))
    left = [path.name for path in (files.source / "kept").rglob("*") if path.is_file()]
    assert left == [found.name for found in kept]
    store.close()


def test_an_upload_that_nobody_kills_is_kept(files: HangingFiles) -> None:
    store = SharedFiles(files.mount)

    said, _ = upload(files).communicate()

    assert [found.name for found in store.kept()] == [said.strip()]
    store.close()


def _make_all_folders(files: HangingFiles) -> None:
    for number in range(256):
        (files.source / "kept" / f"{number:02x}").mkdir()
