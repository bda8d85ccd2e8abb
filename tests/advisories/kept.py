"""The advisories that are kept in this folder, and what people decided about them."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from tests.advisories.locked import Package
from tests.advisories.records import Advisory

FOLDER = Path(__file__).parent
ADVISORIES, REVIEWED = FOLDER / "advisories.json", FOLDER / "reviewed.yml"


@dataclass(frozen=True)
class Kept:
    source: str
    """Which database they are from, and of which day."""
    advisories: tuple[Advisory, ...]


def read(path: Path = ADVISORIES) -> Kept:
    told = json.loads(path.read_text())
    return Kept(told["source"], tuple(_advisory(facts) for facts in told["advisories"]))


def _advisory(facts: dict[str, list[list[str]] | str]) -> Advisory:
    spans = tuple((span[0], span[1], span[2]) for span in facts["spans"])
    as_tuples = {name: tuple(facts[name]) for name in ("aliases", "versions")}
    words = {name: str(facts[name]) for name in ("id", "ecosystem", "name")}
    return Advisory(**words, **as_tuples, spans=spans)  # type: ignore[arg-type]


def write(kept: Kept, path: Path = ADVISORIES) -> None:
    ordered = sorted(set(kept.advisories), key=lambda one: (one.ecosystem, one.name, one.id))
    lines = ",\n".join(json.dumps(asdict(one), sort_keys=True) for one in ordered)
    path.write_text(f'{{"source": {json.dumps(kept.source)}, "advisories": [\n{lines}\n]}}\n')


def reviewed(path: Path = REVIEWED) -> dict[str, str]:
    """Advisory → why the locked version may stay."""
    return yaml.safe_load(path.read_text()) or {}


def unreviewed(
    packages: Iterable[Package], advisories: Iterable[Advisory], reviews: dict[str, str]
) -> list[str]:
    """A line for each locked version in an advisory that nobody reviewed."""
    every = list(advisories)
    return [
        f"{package.name} {package.version} is in {one.id} ({', '.join(one.aliases)})"
        for package in sorted(packages)
        for one in every
        if one.concerns(package) and not one.names & reviews.keys()
    ]
