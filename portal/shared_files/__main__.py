"""`python -m portal.shared_files DIRECTORY`: prepare a shared file system, once, after mounting it."""

import argparse
import os
import sys
from pathlib import Path

from portal.shared_files.store import SharedFiles


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m portal.shared_files",
        description="Make the folders that the portal needs, and the marker that identifies them.",
    )
    parser.add_argument("directory", type=Path, help="the directory in SHARED_FILES_DIRECTORY")
    parser.add_argument(
        "--local", action="store_true", help="allow a directory on this machine's own disk"
    )
    asked = parser.parse_args()
    if not asked.directory.is_dir():
        sys.exit(f"There is no directory {asked.directory}. Make it, and mount the disk on it.")
    if not asked.local and _is_on_own_disk(asked.directory):
        sys.exit(
            f"{asked.directory} is on this machine's own disk. Mount the shared file system first;"
            " or say --local, if no other machine is to see the documents."
        )
    SharedFiles(asked.directory.resolve()).prepare()
    print(f"{asked.directory} is prepared.")


def _is_on_own_disk(directory: Path) -> bool:
    return directory.stat().st_dev == os.stat("/").st_dev  # noqa: PTH116


if __name__ == "__main__":
    main()
