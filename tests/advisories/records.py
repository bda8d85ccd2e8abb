"""Advisories, as they are kept in `advisories.json`: made from records of OSV (https://ossf.github.io/osv-schema/)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from packaging.version import InvalidVersion, Version

from tests.advisories.locked import Package, normal


@dataclass(frozen=True)
class Advisory:
    """One advisory about one package."""

    id: str
    aliases: tuple[str, ...]
    ecosystem: str
    name: str
    spans: tuple[tuple[str, str, str], ...] = ()
    """From (included), until (excluded), last (included); an empty word is no limit."""
    versions: tuple[str, ...] = ()
    """Single versions, where the record has no ranges."""

    @property
    def names(self) -> set[str]:
        return {self.id, *self.aliases}

    def concerns(self, package: Package) -> bool:
        """A version that can't be compared counts as concerned, so that somebody looks at it."""
        if (package.ecosystem, package.name) != (self.ecosystem, self.name):
            return False
        try:
            there = Version(package.version)
            return package.version in self.versions or any(_within(there, *s) for s in self.spans)
        except InvalidVersion:
            return True


def _within(version: Version, start: str, end: str, last: str) -> bool:
    return (
        version >= Version(start or "0")
        and not (end and version >= Version(end))
        and not (last and version > Version(last))
    )


def advisories_in(record: dict[str, Any]) -> Iterator[Advisory]:
    """What a record of OSV says, about each package; nothing if it was withdrawn."""
    for affected in () if record.get("withdrawn") else record.get("affected", ()):
        package = affected.get("package", {})
        ecosystem, name = package.get("ecosystem", ""), package.get("name", "")
        spans = tuple(
            span
            for events in affected.get("ranges", ())
            if events["type"] in {"ECOSYSTEM", "SEMVER"}
            for span in _spans(events["events"])
        )
        yield Advisory(
            record["id"],
            tuple(sorted(record.get("aliases", ()))),
            ecosystem,
            normal(name) if ecosystem == "PyPI" else name,
            spans,
            () if spans else tuple(affected.get("versions", ())),
        )


def _spans(events: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    start: str | None = None
    for event in events:
        if "introduced" in event:
            if start is not None:
                yield start, "", ""
            start = event["introduced"]
        elif start is not None and ("fixed" in event or "last_affected" in event):
            yield start, event.get("fixed", ""), event.get("last_affected", "")
            start = None
    if start is not None:
        yield start, "", ""
