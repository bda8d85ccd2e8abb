"""Notes on the files received with a submission key, stored without the database."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal.shared_files import whole_files
from portal.shared_files.writing import StoredFile

SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Staged:
    """A received file without a row yet. `label` is what `stage` was given."""

    stored: StoredFile
    label: dict[str, Any]
    received_at: datetime


def remember(folder: Path, stored: StoredFile, label: Mapping[str, Any], now: datetime) -> None:
    note = {"stored": asdict(stored), "label": label, "received_at": now.isoformat()}
    path = folder / f"{stored.name}{SUFFIX}"
    whole_files.write(path, json.dumps(note).encode(), below=folder.parent)


def recall(folder: Path) -> list[Staged]:
    """Oldest first."""
    return sorted(_notes(folder), key=lambda staged: staged.received_at)


def forget(folder: Path, name: str | None = None) -> None:
    """Deletes one file's note, or all of them; the files stay."""
    for found in whole_files.names_in(folder):
        if name in (None, found.removesuffix(SUFFIX)):
            (folder / found).unlink(missing_ok=True)


def _notes(folder: Path) -> Iterator[Staged]:
    for found in whole_files.names_in(folder):
        try:
            note = json.loads((folder / found).read_bytes())
        except FileNotFoundError:
            continue  # deleted at this moment
        received_at = datetime.fromisoformat(note["received_at"]).astimezone(UTC)
        yield Staged(StoredFile(**note["stored"]), note["label"], received_at)
