"""What hangs on a patient's record, and how it moves to another record and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.models import Base, PatientMerge, RelatedPerson

STAYING = frozenset({"patient_search_term"})
"""What is written anew instead of moved."""


def moving_tables() -> list[Table]:
    """Every table whose rows belong to a patient by their `patient_id`."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.name not in STAYING
        and "patient_id" in table.c
        and any(key.column.table.name == "patient" for key in table.c.patient_id.foreign_keys)
    ]


def move_all(session: Session, from_id: int, to_id: int) -> dict[str, list[Any]]:
    """Moves every row, and returns their keys by table."""
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


def end_what_cannot_hold_twice(
    session: Session, kept_id: int, merged_id: int, now: datetime
) -> list[int]:
    """Ends, and returns, what would bind an account to the kept record twice, or it to two owners."""
    live = session.execute(
        select(
            RelatedPerson.id,
            RelatedPerson.account_id,
            RelatedPerson.patient_id,
            RelatedPerson.live_own,
        ).where(
            RelatedPerson.patient_id.in_((kept_id, merged_id)), RelatedPerson.ended_at.is_(None)
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
        session.execute(
            update(RelatedPerson)
            .where(RelatedPerson.id.in_(ended))
            .values(ended_at=now)
            .execution_options(synchronize_session=False)
        )
    return ended


def restore(session: Session, related_id: int, row: PatientMerge) -> bool:
    """Whether the access that the merge ended holds again."""
    ended = update(RelatedPerson).where(
        RelatedPerson.id == related_id, RelatedPerson.ended_at == row.merged_at
    )
    try:
        with session.begin_nested():
            result = session.execute(
                ended.values(ended_at=None).execution_options(synchronize_session=False)
            )
    except IntegrityError:
        return False
    return cast("CursorResult[Any]", result).rowcount == 1
