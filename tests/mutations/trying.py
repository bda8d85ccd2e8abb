"""Trying one mutant: in a copy of the project, with the tests that run its line, until one fails."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.mutants import Mutant

COPIED = (
    "portal", "templates", "static", "migrations", "tests", "ansible", "docs",
    "wsgi.py", "gunicorn.conf.py", "pyproject.toml", "Makefile", "README.md",
    "requirements.txt", "requirements.in",
)  # fmt: skip
LONGEST = 600
"""Seconds, after which a mutant that hangs counts as noticed."""
MOST_TESTS = 400
"""More say the same: a line that they all run is run by each of them in the same way."""
FAILED, NOTHING_COLLECTED = 1, 5


@dataclass(frozen=True)
class Outcome:
    mutant: Mutant
    words: str
    survived: bool
    tests: int


def copy_of(root: Path, folder: Path) -> Path:
    for name in COPIED:
        whole = root / name
        if whole.is_dir():
            shutil.copytree(whole, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif whole.exists():
            shutil.copy(whole, folder / name)
    return folder


def attempt(mutant: Mutant, copy: Path, tests: Sequence[str]) -> Outcome:
    """The copy is as it was before when this returns."""
    file = copy / mutant.path
    source = file.read_bytes()
    file.write_bytes(mutant.applied_to(source))
    try:
        chosen = _closest(mutant, tests)[:MOST_TESTS]
        survived = not chosen or _pass(copy, chosen)
    finally:
        file.write_bytes(source)
    return Outcome(mutant, mutant.in_words(source), survived, len(chosen))


def _closest(mutant: Mutant, tests: Sequence[str]) -> list[str]:
    """Those of the same feature first: they are the likeliest to notice, and the quickest."""
    feature = Path(mutant.path).parts[1].removesuffix(".py")
    return sorted(tests, key=lambda name: (not name.startswith(f"tests/{feature}/"), name))


def _pass(copy: Path, tests: Sequence[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode == NOTHING_COLLECTED:
        raise RuntimeError(f"none of these tests is there any more: {tests[:3]}")
    return done.returncode == 0
