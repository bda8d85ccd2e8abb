"""A small stored file, and what is on the disk below a store."""

from pathlib import Path

from portal.shared_files import SharedFiles, StoredFile
from tests.hanging_files import HangingFiles

STEPS = ("create", "write", "fsync", "rename", "fsyncdir")
"""What is done on the disk for one file, in order."""


def stored(store: SharedFiles, data: bytes = b"a letter") -> StoredFile:
    with store.begin(limit=1000) as writer:
        writer.write(data)
        return writer.finish()


def on_disk(files: HangingFiles) -> list[Path]:
    return [path for path in (files.source / "kept").rglob("*") if path.is_file()]
