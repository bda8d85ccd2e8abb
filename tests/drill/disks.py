"""A disk of its own for one folder, small enough to be filled."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drill.network import run

FILLER = "filler"
PIECE = b"\0" * 65_536


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "drill", str(folder))
    try:
        yield
    finally:
        # Lazily: processes with a file open there are killed already, but may not have ended.
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path) -> None:
    """Fills its disk until no space is left."""
    with (folder / FILLER).open("ab", buffering=0) as filler:
        for piece in (PIECE, b"\0" * 512):
            try:
                while filler.write(piece):
                    pass
            except OSError:
                continue


def make_room(folder: Path) -> None:
    (folder / FILLER).unlink()
