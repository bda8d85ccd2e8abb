"""The rows of a patient's record, and moving them to another record and back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.context import Context
from portal.models import Base, PatientMerge, RelatedPerson
from portal.models.base import table_of
from portal.models.rows import changed

_related_person = table_of(RelatedPerson)

STAYING = frozenset({"patient_search_term"})
"""Tables whose rows are rewritten instead of moved."""


def moving_tables() -> list[Table]:
    """All tables with a `patient_id`."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.name not in STAYING
        and "patient_id" in table.c
        and any(key.column.table.name == "patient" for key in table.c.patient_id.foreign_keys)
    ]


def move_all(session: Session, from_id: int, to_id: int) -> dict[str, list[Any]]:
    """Moves all rows to the kept record; returns their keys by table."""
    moved = {}
    for table in moving_tables():
        keys = session.execute(
            select(*table.primary_key.columns).where(table.c.patient_id == from_id)
        ).all()
        if keys:
            moved[table.name] = [key[0] if len(key) == 1 else list(key) for key in keys]
            move(session, table, moved[table.name], from_id, to_id)
    return moved


def move(session: Session, table: Table, keys: Sequence[Any], from_id: int, to_id: int) -> None:
    """Moves the rows with these keys that still belong to `from_id`."""
    if not keys:
        return
    columns = list(table.primary_key.columns)
    among = (
        columns[0].in_(keys)
        if len(columns) == 1
        else tuple_(*columns).in_([tuple(key) for key in keys])
    )
    session.execute(
        update(table).where(table.c.patient_id == from_id, among).values(patient_id=to_id)
    )


def end_what_cannot_hold_twice(context: Context, kept_id: int, merged_id: int) -> list[int]:
    """Ends links that would give the kept record an account twice or two own accounts; returns their ids."""
    table = _related_person
    live = context.session.execute(
        select(table.c.id, table.c.account_id, table.c.patient_id, table.c.live_own).where(
            table.c.patient_id.in_((kept_id, merged_id)), table.c.ended_at.is_(None)
        )
    ).all()
    accounts = {row.account_id for row in live if row.patient_id == kept_id}
    has_own = any(row.live_own for row in live if row.patient_id == kept_id)
    ended = [
        row.id
        for row in live
        if row.patient_id == merged_id
        and (row.account_id in accounts or (row.live_own and has_own))
    ]
    if ended:
        end = update(table).where(table.c.id.in_(ended))
        end = end.values(ended_at=context.now, version=table.c.version + 1)
        context.session.execute(end)
    return ended


def restore(session: Session, related_id: int, row: PatientMerge) -> bool:
    """Restores an access that the merge ended; returns whether that was possible."""
    table = _related_person
    ended = update(table).where(table.c.id == related_id, table.c.ended_at == row.merged_at)
    try:
        with session.begin_nested():
            restored = ended.values(ended_at=None, version=table.c.version + 1)
            return changed(session, restored) == 1
    except IntegrityError:
        return False
