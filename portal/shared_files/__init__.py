"""Files on the shared file system; all operations have limits and a deadline. See `store.py`."""

from portal.shared_files.faults import (
    Altered,
    Broken,
    Damaged,
    Full,
    Missing,
    ReadOnly,
    Resting,
    TooLarge,
    Vanished,
)
from portal.shared_files.reading import FileReader
from portal.shared_files.staging import Staged
from portal.shared_files.store import SharedFiles
from portal.shared_files.sweeping import Found
from portal.shared_files.writing import FileWriter, StoredFile

__all__ = [
    "Altered",
    "Broken",
    "Damaged",
    "FileReader",
    "FileWriter",
    "Found",
    "Full",
    "Missing",
    "ReadOnly",
    "Resting",
    "SharedFiles",
    "Staged",
    "StoredFile",
    "TooLarge",
    "Vanished",
]
