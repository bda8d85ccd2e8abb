"""Typed rows: the columns of a statement are derived from the class of its rows.

class Meeting(NamedTuple):
    ref: str
    starts_at: datetime
    location: str

statement = select(*columns(Meeting, appointment, location=clinic.c.name)).where(…)
meetings = rows(session, Meeting, statement, values)
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import ColumnElement, CursorResult, Executable, Table, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import FromClause

from portal.errors import ChangedMeanwhile, NotFound
from portal.models.base import Base, table_of
from portal.seen import Seen

RowType = TypeVar("RowType", bound=NamedTuple)


def columns(
    row: type[NamedTuple], table: Table | FromClause, **others: Any
) -> list[ColumnElement[Any]]:
    """One column per field of `row`, in order: from `others`, or the column of that name in `table`."""
    return [others[name].label(name) if name in others else table.c[name] for name in row._fields]


def rows(
    session: Session,
    row: type[RowType],
    statement: Executable,
    values: Mapping[str, Any] | None = None,
) -> list[RowType]:
    """The result of a statement that was built with `columns` of the same class."""
    return [row._make(found) for found in session.execute(statement, values)]


def one_row(
    session: Session,
    row: type[RowType],
    statement: Executable,
    values: Mapping[str, Any] | None = None,
) -> RowType:
    """The only row of the result; raises `NotFound` when there is none."""
    found = session.execute(statement, values).one_or_none()
    if found is None:
        raise NotFound
    return row._make(found)


def changed(
    session: Session,
    statement: Executable,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> int:
    """Runs an INSERT, UPDATE or DELETE; returns how many rows it changed."""
    return cast("CursorResult[Any]", session.execute(statement, values)).rowcount


def inserted(session: Session, statement: Executable, values: Mapping[str, Any]) -> int | None:
    """Runs an INSERT of one row; returns its id, or None when its SELECT found no row."""
    result = cast("CursorResult[Any]", session.execute(statement, values))
    return result.lastrowid if result.rowcount else None


def claim(session: Session, model: type[Base], seen: Seen) -> None:
    """Raises the row's version if it is the one that was shown; this locks the row.

    Raises `NotFound` when there is no such row, `ChangedMeanwhile` when it has another version.
    """
    table = table_of(model)
    same = table.c.ref == seen.ref
    as_shown = update(table).where(same, table.c.version == seen.version)
    if changed(session, as_shown.values(version=seen.version + 1)) == 0:
        if session.execute(select(table.c.version).where(same)).first() is None:
            raise NotFound
        raise ChangedMeanwhile
