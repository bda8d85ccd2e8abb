"""Small files that are written and read as a whole: thumbnails, lists, notes."""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from portal.shared_files.mount import Descriptor
from portal.shared_files.rooms import UNFINISHED, make_folder, new_name, sync_folder
from portal.shared_files.writing import write_all


def write(path: Path, data: bytes, *, below: Path) -> None:
    """Replaces the file's content atomically. Makes the folders up to `below`."""
    _make_folders(path.parent, below)
    part = path.with_name(f"{new_name()}{UNFINISHED}")
    try:
        _write_new(part, data)
        part.rename(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def names_in(folder: Path) -> list[str]:
    """Complete files only, sorted."""
    return sorted(name for name in os.listdir(folder) if not name.endswith(UNFINISHED))  # noqa: PTH208


def _write_new(path: Path, data: bytes) -> None:
    descriptor = Descriptor(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        descriptor.use(partial(write_all, data))
        descriptor.use(os.fsync)
    finally:
        descriptor.let_go()


def _make_folders(folder: Path, below: Path) -> None:
    for missing in reversed([folder, *folder.parents]):
        if missing.is_relative_to(below) and missing != below:
            make_folder(missing)
