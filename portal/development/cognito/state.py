"""What is kept when the development provider restarts: one JSON file."""

import json
import os
import tempfile
from pathlib import Path
from threading import Lock
from typing import Any

from portal.development.cognito.settings import RefusedToStart


class KeptState:
    """Named JSON values in one file that is rewritten at each change; only in memory without
    `path`.

    Raises RefusedToStart when the file exists but is not valid.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = Lock()
        self._values: dict[str, Any] = _read(path) if path and path.exists() else {}

    def get(self, name: str) -> Any:
        return self._values.get(name)

    def keep(self, name: str, value: Any) -> None:
        with self._lock:
            self._values[name] = value
            if self._path:
                _replace(self._path, json.dumps(self._values, indent=1, ensure_ascii=False))


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("not a JSON object")
    except ValueError as error:
        raise RefusedToStart(
            f"{path} is not a state file of the development sign-in ({error}). "
            "Remove it to start afresh; people created by an administrator are then gone."
        ) from error
    return values


def _replace(path: Path, text: str) -> None:
    # It contains private keys, and mkstemp makes a file that only its owner can read.
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(path)
