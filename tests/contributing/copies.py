"""A copy of the tracked files, and the patches of docs/contributing applied to it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from portal import ROOT

PATCHES = ROOT / "docs" / "contributing"
NUMBER_LENGTH = 4
OF_A_RUN = ("MEDICARE_HUB_TEST_RUN", "PYTEST_")
"""Variables that would make the inner test run behave like a part of this one."""


def copy_of_the_tree(folder: Path) -> Path:
    """The tracked files as they are now, with their built assets."""
    tracked = _run("git", "ls-files", "-z", folder=ROOT).split("\0")
    for name in filter(None, tracked):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / "static" / "build").symlink_to(ROOT / "static" / "build")
    return folder


def patch(step: str) -> str:
    return (PATCHES / f"{step}.patch").read_text()


def files_of(step: str) -> list[str]:
    """The files that a patch adds or changes."""
    return re.findall(r"^\+\+\+ b/(.+)$", patch(step), re.MULTILINE)


def apply(step: str, folder: Path) -> None:
    """Applies a patch, and puts its migration after the newest one. Raises when it no longer fits."""
    newest = max(
        path.name[:NUMBER_LENGTH] for path in (folder / "migrations/versions").glob("0*.py")
    )
    numbered = patch(step).replace("NEWEST", newest)
    numbered = numbered.replace("NEXT", f"{int(newest) + 1:0{NUMBER_LENGTH}}")
    _run("git", "apply", "-", folder=folder, given=numbered)


def run_python(folder: Path, *arguments: str) -> str:
    """Runs a module of this environment in the copy. Raises with its output when it fails."""
    return _run(sys.executable, "-m", *arguments, folder=folder)


def _run(*command: str, folder: Path, given: str = "") -> str:
    around = {name: value for name, value in os.environ.items() if not name.startswith(OF_A_RUN)}
    # Without a ceiling, git would use a repository in a parent folder and skip files outside of it.
    environment = {**around, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    ended = subprocess.run(
        command, cwd=folder, env=environment, input=given, capture_output=True, text=True
    )
    if ended.returncode:
        raise AssertionError(f"{' '.join(command)}\n{ended.stdout}{ended.stderr}")
    return ended.stdout
