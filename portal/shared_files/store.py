"""The store: the portal's interface to the shared file system."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from portal.shared_files import staging, sweeping, whole_files
from portal.shared_files.faults import Missing
from portal.shared_files.mount import Mount
from portal.shared_files.reading import FileReader, open_intact
from portal.shared_files.rooms import make_folder, sync_folder
from portal.shared_files.staging import Staged
from portal.shared_files.sweeping import Found
from portal.shared_files.writing import FileWriter, StoredFile


class SharedFiles:
    """Files on the shared file system.

    A file becomes a document only by a row. A complete file never moves while it may be read. Every method
    may raise `faults`: at once when the mount is known to be unavailable, otherwise after the deadline.
    """

    STAGED_FOR = timedelta(hours=20)
    """How long a received file is available to its form…"""
    ABANDONED_AFTER = timedelta(hours=24)
    """…and after how long a sweep may remove it, because its row can't be added any more."""

    def __init__(self, directory: Path, *, seconds: float = 5) -> None:
        """`seconds` is the deadline of one operation. Does not touch the mount."""
        self._mount = Mount(directory, seconds=seconds)
        self._rooms = self._mount.rooms

    @property
    def lives(self) -> bool:
        """Whether the mount works, as far as is known."""
        return self.trouble is None

    @property
    def trouble(self) -> str | None:
        """The problem of the mount in a few words for an administrator."""
        return self._mount.trouble()

    def prepare(self) -> None:
        """Makes the marker and the rooms, once.

        Until then every method raises `Vanished`, or `Resting` once the watchdog has noticed. Runs in the
        caller's thread, because only a command and development use it.
        """
        self._rooms.prepare()

    def begin(self, *, limit: int) -> FileWriter:
        """A new file of at most `limit` bytes."""
        return FileWriter(self._mount, limit)

    def open(self, stored: StoredFile) -> FileReader:
        """Raises `Missing`, or `Altered` if the size differs."""
        return FileReader(self._mount, self._rooms.kept, stored)

    def open_intact(self, stored: StoredFile) -> FileReader:
        """The same after checking its SHA-256. Use it for all content that people see."""
        return open_intact(self._mount, self._rooms.kept, stored)

    def set_aside(self, stored: StoredFile) -> None:
        """Moves a rejected file out of reach of `open`. Safe to repeat."""
        self._mount.do(partial(self._move_aside, stored.name))

    def open_aside(self, stored: StoredFile) -> FileReader:
        return FileReader(self._mount, self._rooms.aside, stored)

    def remove(self, name: str) -> None:
        """Deletes the file from every folder, if it exists."""
        for room in (self._rooms.kept, self._rooms.aside):
            with suppress(Missing):
                self._mount.do(self._rooms.file(room, name).unlink)

    def stage(self, key: str, stored: StoredFile, label: Mapping[str, Any]) -> None:
        """Notes that this file came with that submission key. `label` must be JSON."""
        folder, now = self._rooms.staging(key), datetime.now(UTC)
        self._mount.do(partial(staging.remember, folder, stored, label, now))

    def staged(self, key: str) -> list[Staged]:
        """Oldest first, none older than `STAGED_FOR`."""
        try:
            found = self._mount.do(partial(staging.recall, self._rooms.staging(key)))
        except Missing:
            return []
        return [each for each in found if each.received_at > datetime.now(UTC) - self.STAGED_FOR]

    def unstage(self, key: str, name: str) -> None:
        """Deletes the note on this file. The file stays."""
        with suppress(Missing):
            self._mount.do(partial(staging.forget, self._rooms.staging(key), name))

    def forget(self, key: str) -> None:
        """Deletes the notes of the key. The files stay."""
        with suppress(Missing):
            self._mount.do(partial(staging.forget, self._rooms.staging(key)))

    def put(self, name: str, data: bytes) -> None:
        """Writes a small file under a generated name, such as `thumbnails/3f/3fa9`; replaces it as a
        whole."""
        path = self._rooms.whole_file(name)
        self._mount.do(partial(whole_files.write, path, data, below=self._rooms.whole))

    def get(self, name: str) -> bytes:
        """Raises `Missing`."""
        return self._mount.do(self._rooms.whole_file(name).read_bytes)

    def names(self, folder: str) -> list[str]:
        """The full names of the files in one folder, sorted; empty if there is no such folder."""
        try:
            found = self._mount.do(partial(whole_files.names_in, self._rooms.whole_folder(folder)))
        except Missing:
            return []
        return [f"{folder}/{name}" for name in found]

    def discard(self, name: str) -> None:
        """Deletes a small file, if it exists."""
        with suppress(Missing):
            self._mount.do(self._rooms.whole_file(name).unlink)

    def kept(self) -> Iterator[Found]:
        return self._files_in(self._rooms.kept)

    def aside(self) -> Iterator[Found]:
        return self._files_in(self._rooms.aside)

    def sweep_unfinished(self, now: datetime) -> int:
        """Removes unfinished files and notes that are too old. Returns how many."""
        before, removed = now - self.ABANDONED_AFTER, 0
        for room, sweep in (
            (self._rooms.kept, sweeping.remove_unfinished),
            (self._rooms.staged, sweeping.remove_all),
        ):
            for folder in self._mount.do(partial(sweeping.folders_of, room)):
                removed += self._mount.do(partial(sweep, folder, before))
        return removed

    def close(self) -> None:
        """Ends the threads and the watchdog."""
        self._mount.close()

    def _files_in(self, room: Path) -> Iterator[Found]:
        for folder in self._mount.do(partial(sweeping.folders_of, room)):
            yield from self._mount.do(partial(sweeping.complete_files, folder))

    def _move_aside(self, name: str) -> None:
        source = self._rooms.file(self._rooms.kept, name)
        target = self._rooms.file(self._rooms.aside, name)
        make_folder(target.parent)
        try:
            source.rename(target)
        except FileNotFoundError:
            if not target.exists():
                raise
        sync_folder(target.parent)
