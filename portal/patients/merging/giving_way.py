"""Rows that would break a unique key after a merge: those of the merged record are put aside.

If a unique key of a table includes the patient, `gives_way` in the table's `info` is the column that takes a
row out of that key. The merge writes its time there, so that the undo finds the rows.
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
    """Before rows are moved: puts aside rows of the merged record that the kept one has too."""
    for table, key, column in _keys():
        of_kept = select(key).where(table.c.patient_id == kept_id, key.is_not(None))
        standing = session.scalars(of_kept).all()
        if standing:
            twice = update(table).where(table.c.patient_id == merged_id, key.in_(standing))
            session.execute(twice.values({column: now}))


def take_back(session: Session, merged_id: int, merged_at: datetime) -> None:
    """After rows are moved back: restores the rows that this merge put aside."""
    for table, _, column in _keys():
        aside = update(table).where(table.c.patient_id == merged_id, column == merged_at)
        session.execute(aside.values({column: None}))
