"""Lists the shared directory folder by folder, and removes unfinished files."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal.shared_files.rooms import UNFINISHED


@dataclass(frozen=True, slots=True)
class Found:
    """A complete file on the disk, with or without a row."""

    name: str
    size: int
    modified: datetime


def folders_of(room: Path) -> list[Path]:
    with os.scandir(room) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))


def complete_files(folder: Path) -> list[Found]:
    return [
        Found(name, status.st_size, _modified(status))
        for name, status in _files(folder)
        if not name.endswith(UNFINISHED)
    ]


def remove_unfinished(folder: Path, before: datetime) -> int:
    return _remove(folder, before, suffix=UNFINISHED)


def remove_all(folder: Path, before: datetime) -> int:
    """Also removes the folder if it is empty afterwards."""
    removed = _remove(folder, before, suffix="")
    with suppress(OSError):
        folder.rmdir()
    return removed


def _remove(folder: Path, before: datetime, *, suffix: str) -> int:
    old = [
        name
        for name, status in _files(folder)
        if name.endswith(suffix) and _modified(status) < before
    ]
    for name in old:
        (folder / name).unlink(missing_ok=True)
    return len(old)


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                yield entry.name, entry.stat(follow_symlinks=False)


def _modified(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(status.st_mtime, UTC)
