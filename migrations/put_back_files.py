"""Puts files that AWS Backup has restored in the place of those that stand, and keeps these beside.

    python -m migrations.put_back_files FOLDER MOMENT

FOLDER is the root of the whole file system, and MOMENT, as ISO 8601 writes it, when the restore job began.
AWS Backup restores into its own folder, `aws-backup-restore_…`, and overwrites nothing. Two renames in
one file system change what stands, so nobody ever sees half of it, and an interrupted run is continued.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILES = "portal"
"""Where the portal's files are: the access point's root (role files)."""

RESTORED = "aws-backup-restore_*"
CLOCKS_DIFFER = timedelta(minutes=5)


class NothingRestored(Exception):
    """The restore job has made no folder with the portal's files."""


def put_back(root: Path, since: datetime, now: datetime) -> dict[str, object]:
    """Moves the folders; returns the result with the numbers of files. Raises NothingRestored."""
    standing, beside = root / FILES, root / f"{FILES}-before-{now:%Y%m%d%H%M%S}"
    folder = _folder_of(root, since)
    if standing.exists():
        standing.rename(beside)
    (folder / FILES).rename(standing)
    return {
        "restored_from": folder.name,
        "files": _counted(standing),
        "kept_beside": beside.name if beside.exists() else "",
        "files_beside": _counted(beside),
    }


def _folder_of(root: Path, since: datetime) -> Path:
    newest = (since - CLOCKS_DIFFER).timestamp()
    found = [
        folder
        for folder in root.glob(RESTORED)
        if folder.stat().st_ctime >= newest and (folder / FILES).is_dir()
    ]
    if not found:
        raise NothingRestored(f"{root} has no folder {RESTORED} with {FILES} in it since {since}.")
    return max(found, key=lambda folder: folder.stat().st_ctime)


def _counted(folder: Path) -> int:
    return sum(1 for one in folder.rglob("*") if one.is_file()) if folder.exists() else 0


def main(arguments: list[str] = sys.argv) -> int:
    root, since = Path(arguments[1]), datetime.fromisoformat(arguments[2])
    try:
        told = put_back(root, since, datetime.now(UTC))
    except NothingRestored as nothing:
        print(nothing, file=sys.stderr)
        return 1
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
