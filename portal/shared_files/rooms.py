"""The layout of the shared directory. All names are generated here, none by users.

medicare-hub-shared-files   the marker: without it, the file system is not mounted
kept/3f/3fa9…               a complete file; kept/3f/3fa9….part while it is written
aside/3f/3fa9…              a rejected one
staged/9b1c…/3fa9….json     "this file belongs to that submission key", which is hashed
whole/<folder>/<name>       small files, replaced as a whole
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from portal.shared_files.faults import Broken, Missing, Vanished, fault_of

MARKER = "medicare-hub-shared-files"
MARKER_TEXT = (
    "MediCare Hub keeps its documents here. This file shows that the right disk is mounted.\n"
)
UNFINISHED = ".part"

_NAME = re.compile(r"[0-9a-f]{32}")
_SEGMENT = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")

T = TypeVar("T")


class Rooms:
    """The paths under one directory. Making a path touches nothing."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.marker = directory / MARKER
        self.kept, self.aside = directory / "kept", directory / "aside"
        self.staged, self.whole = directory / "staged", directory / "whole"

    def file(self, room: Path, name: str) -> Path:
        """A file's path in `kept` or `aside`. Raises ValueError for a name that is not from `new_name`."""
        if not _NAME.fullmatch(name):
            raise ValueError("not the name of a stored file")
        return room / name[:2] / name

    def staging(self, key: str) -> Path:
        return self.staged / hashlib.sha256(key.encode()).hexdigest()

    def whole_file(self, name: str) -> Path:
        """Raises ValueError unless `name` is two to four plain segments with slashes between."""
        segments = name.split("/")
        if not 2 <= len(segments) <= 4:
            raise ValueError("a whole file's name has two to four segments")
        return self.whole.joinpath(*map(_plain, segments))

    def whole_folder(self, name: str) -> Path:
        return self.whole.joinpath(*map(_plain, name.split("/")))

    def prepare(self) -> None:
        """Makes the marker and the rooms if they do not exist yet. Touches the disk."""
        for room in (self.kept, self.aside, self.staged, self.whole):
            room.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.marker.exists():
            self.marker.write_text(MARKER_TEXT)

    def translating(self, work: Callable[[], T]) -> T:
        """Runs `work`, and turns errors of the operating system into `faults`."""
        try:
            return work()
        except FileNotFoundError as error:
            raise self._why_missing() from error
        except OSError as error:
            raise fault_of(error) from error

    def _why_missing(self) -> Exception:
        try:
            return Missing() if self.marker.exists() else Vanished()
        except OSError:
            return Broken()


def new_name() -> str:
    return secrets.token_hex(16)


def _plain(segment: str) -> str:
    if not _SEGMENT.fullmatch(segment):
        raise ValueError("not a plain name")
    return segment


def make_folder(folder: Path) -> None:
    """Makes one folder durably. Its parent must exist, so that nothing is written when the mount is
    missing."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Flushes the folder's entries, so that they survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
