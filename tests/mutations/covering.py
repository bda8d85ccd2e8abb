"""Which tests run a line, and how long each takes: one run of the tests under coverage says so."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

RUN = ("tests", "--ignore=tests/infrastructure", "--ignore=tests/drill", "--ignore=tests/mutations")
CONFIG = "[run]\nsource = portal\nbranch = false\n"


@dataclass(frozen=True)
class Covering:
    """Answers from the data of coverage. Names of tests are pytest's."""

    data: CoverageData
    root: Path

    def tests_of(self, path: str, line: int) -> list[str]:
        """Those that run the line; for one that only runs at import, those that run its file."""
        lines = self.data.contexts_by_lineno(str(self.root / path))
        found = _names(lines.get(line, ()))
        return sorted(found or {name for names in lines.values() for name in _names(names)})


def _names(contexts: Iterable[str]) -> set[str]:
    return {context.partition("|")[0] for context in contexts if context}


def cover(root: Path, folder: Path, tests: Sequence[str] = RUN) -> Covering:
    """Runs the tests once, unless what is kept in `folder` is of the very same code and tests."""
    kept = folder / f"coverage-{_fingerprint(root, tests)}"
    if not kept.exists():
        config = folder / "coverage.ini"
        config.write_text(CONFIG)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
        command += ["--cov=portal", "--cov-context=test", f"--cov-config={config}", "--cov-report="]
        draft = kept.with_suffix(".new")
        subprocess.run(command, cwd=root, env=_environment(draft), check=False)
        draft.rename(kept)
    data = CoverageData(str(kept))
    data.read()
    return Covering(data, root)


def _environment(file: Path) -> dict[str, str]:
    return {**os.environ, "COVERAGE_FILE": str(file)}


def _fingerprint(root: Path, tests: Sequence[str]) -> str:
    found = hashlib.sha256(" ".join(tests).encode())
    for name in ("portal", "tests", "templates", "migrations"):
        for file in sorted((root / name).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(file.read_bytes())
    return found.hexdigest()[:16]
