"""Rows that can't both exist once two records are one: those of the merged record are put aside.

If a unique key of a table includes its patient, its `info` names as `gives_way` the column that
takes a row out of that key. The merge writes its own time there, so that the undo finds its rows.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Column, Table, UniqueConstraint, select, update
from sqlalchemy.orm import Session

from portal.models import Base


def _keys() -> Iterator[tuple[Table, Column[object], Column[object]]]:
    """Each such table, the other column of its key, and the column that takes a row out of it."""
    for table in Base.metadata.sorted_tables:
        if "gives_way" not in table.info:
            continue
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint) and "patient_id" in constraint.columns:
                (other,) = (one for one in constraint.columns if one.name != "patient_id")
                yield table, other, table.c[table.info["gives_way"]]


def give_way(session: Session, kept_id: int, merged_id: int, now: datetime) -> None:
    """Before the rows move: puts rows of the merged record aside that the kept one has too."""
    for table, key, column in _keys():
        of_kept = select(key).where(table.c.patient_id == kept_id, key.is_not(None))
        standing = session.scalars(of_kept).all()
        if standing:
            twice = update(table).where(table.c.patient_id == merged_id, key.in_(standing))
            session.execute(twice.values({column: now}))


def take_back(session: Session, merged_id: int, merged_at: datetime) -> None:
    """After the rows moved back: restores the rows that were put aside by that merge."""
    for table, _, column in _keys():
        aside = update(table).where(table.c.patient_id == merged_id, column == merged_at)
        session.execute(aside.values({column: None}))
