"""Checks every seal of the audit trail, from the first, to find changed or missing entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from portal.audit.seals import FIRST, LATE, Range, digest, entries_between, missing_in, sign
from portal.models import AuditEvent, AuditSeal
from portal.models.base import table_of

_event = table_of(AuditEvent)
_seal = table_of(AuditSeal)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result. `fault` describes the first break in plain words, or is None."""

    seals: int
    sealed: int
    """Entries under a valid seal."""
    unsealed: int
    """Entries without a seal: those of the last minutes, or after the first break."""
    newest: str
    """The last valid digest; compare it with the worker's log."""
    fault: str | None


class _Broken(Exception):
    """Its message becomes the fault of the verdict."""


def check(session: Session, key: bytes, now: datetime) -> Verdict:
    """Reads the whole trail once."""
    seals = session.execute(select(_seal).order_by(_seal.c.number)).all()
    late = frozenset(one for row in seals for one in row.late)
    good = sealed = last_id = 0
    previous, fault = FIRST, None
    try:
        for number, row in enumerate(seals, start=1):
            _check_seal(row, number, last_id, key)
            entries = _entries_of(session, row, late, now)
            if not compare_digest(digest(previous, row._mapping, entries), row.digest):
                raise _Broken(_changed(row))
            good, previous, last_id = number, row.digest, row.last_event_id
            sealed += len(entries)
    except _Broken as broken:
        fault = str(broken)
    total = session.scalar(select(func.count()).select_from(_event)) or 0
    return Verdict(good, sealed, total - sealed, previous, fault)


def _check_seal(row: Row[Any], number: int, last_id: int, key: bytes) -> None:
    if row.number != number or row.first_event_id != last_id + 1:
        raise _Broken(f"Seal {number} is gone, or is not the one that was written.")
    if not compare_digest(row.signature, sign(key, row.digest)):
        raise _Broken(f"Seal {number} is not signed with the portal's key.")


def _entries_of(
    session: Session, row: Row[Any], late: frozenset[int], now: datetime
) -> list[Row[Any]]:
    """The entries under the seal; raises `_Broken` when one was removed or added."""
    its_late = [entry for one in row.late for entry in entries_between(session, one, one)]
    if len(its_late) != len(row.late):
        raise _Broken(f"Seal {row.number}: one of the entries {_in_words(row.late)} is gone.")
    run = entries_between(session, row.first_event_id, row.last_event_id)
    mine = [entry for entry in run if entry.id not in late and not _within(entry.id, row.missing)]
    _check_for_additions(row, run, late, now)
    _check_for_losses(row, mine)
    return [*its_late, *mine]


def _check_for_additions(
    row: Row[Any], run: Sequence[Row[Any]], late: frozenset[int], now: datetime
) -> None:
    # A late entry has no seal until the worker writes the next one.
    if now - row.sealed_at < LATE:
        return
    for entry in run:
        if entry.id not in late and _within(entry.id, row.missing):
            raise _Broken(f"Seal {row.number}: entry {entry.id} was added later.")


def _check_for_losses(row: Row[Any], mine: Sequence[Row[Any]]) -> None:
    found = missing_in(row.first_event_id, row.last_event_id, (entry.id for entry in mine))
    for first, last in found:
        for one in range(first, last + 1):
            if not _within(one, row.missing):
                raise _Broken(f"Seal {row.number}: entry {one} is gone.")


def _within(one: int, ranges: Iterable[Range]) -> bool:
    return any(first <= one <= last for first, last in ranges)


def _in_words(ids: Iterable[int]) -> str:
    return ", ".join(map(str, ids))


def _changed(row: Row[Any]) -> str:
    ids = f"{row.first_event_id} to {row.last_event_id}"
    also = f", or of {_in_words(row.late)}," if row.late else ""
    return f"Seal {row.number}: one of the entries {ids}{also} was changed, or the seal itself was."
