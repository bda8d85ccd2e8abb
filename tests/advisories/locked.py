"""The packages that the lock files name."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PYTHON = ("requirements.txt", "requirements-dev.txt", "ansible/requirements.txt")
NODE = "package-lock.json"

_PINNED = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


class Package(NamedTuple):
    ecosystem: str
    """As OSV names it: PyPI or npm."""
    name: str
    version: str


def locked(root: Path = ROOT) -> set[Package]:
    texts = (root.joinpath(name).read_text() for name in PYTHON)
    python = {found for text in texts for found in of_requirements(text)}
    return python | set(of_package_lock((root / NODE).read_text()))


def of_requirements(text: str) -> Iterator[Package]:
    for name, version in _PINNED.findall(text):
        yield Package("PyPI", normal(name), version)


def normal(name: str) -> str:
    """The one form of a name on PyPI."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of_package_lock(text: str) -> Iterator[Package]:
    for path, package in json.loads(text)["packages"].items():
        if path:
            name = package.get("name") or path.rpartition("node_modules/")[2]
            yield Package("npm", name, package["version"])
