"""From paths to parsed JSON, one file at a time."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from portal.fhir.foreign import ForeignBundle
from portal.fhir.reading.bundle import READ_KINDS
from portal.settings.hospital import MEGABYTE

LARGEST = 512 * MEGABYTE
"""A whole file is read at once; parsing needs about three times its size."""


def bundle_files(paths: Iterable[Path]) -> Iterator[tuple[Path, ForeignBundle | None]]:
    """Each file once, and all `*.json` below folders; or a path with what is wrong with it."""
    seen: set[Path] = set()
    for path in paths:
        for file, fault in _below(path):
            if fault or file.resolve() not in seen:
                seen.add(file.resolve())
                yield file, fault


def _below(path: Path) -> Iterator[tuple[Path, ForeignBundle | None]]:
    if not path.is_dir():
        yield path, None
        return
    faults: list[OSError] = []
    files = sorted(
        Path(folder, name)
        for folder, _, names in os.walk(path, onerror=faults.append)
        for name in names
        if name.lower().endswith(".json")
    )
    yield from ((file, None) for file in files)
    for fault in faults:
        yield Path(fault.filename), ForeignBundle(_why(fault))
    if not files and not faults:
        yield path, ForeignBundle("there is no *.json file in this folder")


def parsed_file(path: Path) -> object:
    """The file's JSON, without the content of resources that are not read.

    Raises `ForeignBundle` when it can't be read or is not JSON.
    """
    text = _text(path)
    if not text.strip():
        raise ForeignBundle("the file is empty")
    try:
        return json.loads(text, object_hook=_without_what_is_not_read)
    except RecursionError:
        raise ForeignBundle("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ForeignBundle(
            f"it is not JSON (line {error.lineno}, column {error.colno}: {error.msg})"
        ) from None
    except ValueError:
        raise ForeignBundle("it holds a number that is too long") from None


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise ForeignBundle("it is not a regular file")
        if path.stat().st_size > LARGEST:
            raise ForeignBundle(f"it is larger than {LARGEST // MEGABYTE} MB")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ForeignBundle(_why(error)) from None
    except UnicodeDecodeError as error:
        raise ForeignBundle(f"it is not UTF-8 (byte {error.start + 1})") from None


def _why(error: OSError) -> str:
    return f"it can't be read ({error.strerror})"


def _without_what_is_not_read(values: dict[str, Any]) -> dict[str, Any]:
    """Called for each object while parsing, so that memory stays small for long records."""
    kind = values.get("resourceType")
    if not isinstance(kind, str) or kind in READ_KINDS or kind == "Bundle":
        return values
    return {name: values[name] for name in ("resourceType", "id") if name in values}
