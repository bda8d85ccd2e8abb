"""The owners of known identifiers, and the targets of a bundle's links."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Session

from portal.fhir.facts import Identifier, Link
from portal.patients.search.rules import fold

BATCH = 200
"""Identifiers in one statement."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """The owner of an identifier. Names do not distinguish places, so theirs is empty."""

    id: int
    family: str = ""
    given: str = ""

    def may_be(self, *, family: str, given: str) -> bool:
        """Whether both names may belong to one person: people change one name, but rarely both."""
        return fold(self.family) == fold(family) or fold(self.given) == fold(given)


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that links point to: entries of the bundle by key, others by their identifier."""

    own: Mapping[str, int]
    aliases: Mapping[str, str]
    bearers: Mapping[Identifier, Bearer]

    def find(self, link: Link) -> int | None:
        if link.key and (found := self.own.get(self.aliases.get(link.key, link.key))):
            return found
        bearer = self.bearers.get(link.identifier) if link.identifier else None
        # Two data sets may use the same numbers. Then the display name shows that it is somebody
        # else.
        if bearer is None or (link.display and fold(bearer.family) not in fold(link.display)):
            return None
        return bearer.id

    def first(self, links: Collection[Link]) -> int | None:
        """The first link with a known target."""
        return next((found for link in links if (found := self.find(link))), None)


def bearers(
    session: Session,
    table: Any,
    columns: Select[*tuple[Any, ...]],
    identifiers: Collection[Identifier],
) -> dict[Identifier, Bearer]:
    """Those of these identifiers that somebody has.

    `columns` selects system, value and the fields of `Bearer` from the table of identifiers.
    """
    found = {}
    for batch in batches(identifiers, BATCH):
        pairs = [(identifier.system, identifier.value) for identifier in batch]
        within = tuple_(table.system, table.value).in_(pairs)
        for system, value, *bearer in session.execute(columns.where(within)):
            found[Identifier(system, value)] = Bearer(*bearer)
    return found


def batches(values: Collection[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(values)
    while batch := list(islice(remaining, size)):
        yield batch
