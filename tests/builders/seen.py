"""A row as a page shows it now."""

from typing import Protocol

from sqlalchemy.orm import object_session

from portal.seen import Seen


class Versioned(Protocol):
    @property
    def ref(self) -> str: ...
    @property
    def version(self) -> int: ...


def seen(row: Versioned) -> Seen:
    return Seen(row.ref, row.version)


def seen_now(row: Versioned) -> Seen:
    """A row as it is in the database, not as the session loaded it."""
    if session := object_session(row):
        session.refresh(row, ["version"])
    return seen(row)
