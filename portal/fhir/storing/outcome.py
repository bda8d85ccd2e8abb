"""The numbers of stored rows."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    PATIENT = "patients"
    PRACTITIONER = "practitioners"
    PLACE = "organizations and locations"
    ENCOUNTER = "encounters"


class Change(Enum):
    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept as changed here"
    """Users have changed the record since the last import, so their version is kept."""


@dataclass(slots=True)
class Outcome:
    """`unresolved` encounters name a practitioner or a place that nobody knows yet."""

    changes: Counter[tuple[Kind, Change]] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    unresolved: int = 0

    def count(self, kind: Kind, change: Change) -> None:
        self.changes[kind, change] += 1

    def add(self, other: "Outcome") -> None:
        self.changes += other.changes
        self.left_out += other.left_out
        self.unresolved += other.unresolved
