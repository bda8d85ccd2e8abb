"""Seals on the audit trail: a chain of digests, each over a run of entries and the digest before.

Changing, removing or adding an entry or a seal later breaks the chain, and only the portal's key can sign a
new seal. The worker also logs the newest digest, so that a shortened chain is noticed.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.models import AuditEvent, AuditSeal
from portal.models.base import table_of

log = logging.getLogger(__name__)

AT_ONCE = 2000
"""Entries per seal."""

SETTLED = timedelta(minutes=2)
"""Longer than a request's transaction: ids are assigned in order, but may be committed in another order."""

LATE = timedelta(days=1)
"""How long after its neighbours were sealed an entry may still be committed, for example by a large
import."""

FIRST = "0" * 64

_event = table_of(AuditEvent)
_seal = table_of(AuditSeal)
_EVENTS = select(*_event.c).order_by(_event.c.id)
Range = list[int]


def key_from(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"seals on the audit trail", "sha256")


def seal(session: Session, key: bytes, now: datetime) -> bool:
    """Writes and commits the next seal, if any entries need one. Returns whether there may be more."""
    last = session.execute(select(_seal).order_by(_seal.c.number.desc()).limit(1)).one_or_none()
    first = last.last_event_id + 1 if last else 1
    late = _late_entries(session, now)
    entries = _settled_entries(session, first, now)
    if not entries and not late:
        return False
    until = entries[-1].id if entries else first - 1
    values = {
        "number": last.number + 1 if last else 1,
        "first_event_id": first,
        "last_event_id": until,
        "missing": missing_in(first, until, (entry.id for entry in entries)),
        "late": [entry.id for entry in late],
        "sealed_at": now,
    }
    values["digest"] = digest(last.digest if last else FIRST, values, [*late, *entries])
    values["signature"] = sign(key, str(values["digest"]))
    try:
        session.execute(insert(_seal).values(values))
        session.commit()
    except IntegrityError:
        session.rollback()  # Another worker has written this seal.
        return True
    log.info("sealed up to entry %d: seal %d %s", until, values["number"], values["digest"])
    return len(entries) == AT_ONCE


def digest(previous: str, facts: Any, entries: Iterable[Row[Any]]) -> str:
    """SHA-256 over the previous digest, the seal's own fields, and its entries."""
    names = ("number", "first_event_id", "last_event_id", "missing", "late")
    found = hashlib.sha256(previous.encode())
    found.update(_line([*(facts[name] for name in names), facts["sealed_at"].isoformat()]))
    for entry in entries:
        found.update(_line([entry.at.isoformat(), *(entry[:1] + entry[2:])]))
    return found.hexdigest()


def sign(key: bytes, found: str) -> str:
    return hmac.digest(key, found.encode(), "sha256").hex()


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def missing_in(first: int, last: int, ids: Iterable[int]) -> list[Range]:
    """The gaps in these ordered ids between `first` and `last`, both included."""
    found, expected = [], first
    for one in ids:
        if one > expected:
            found.append([expected, one - 1])
        expected = one + 1
    if expected <= last:
        found.append([expected, last])
    return found


def _settled_entries(session: Session, first: int, now: datetime) -> Sequence[Row[Any]]:
    unsettled = session.scalar(select(func.min(_event.c.id)).where(_event.c.at > now - SETTLED))
    statement = _EVENTS.where(_event.c.id >= first).limit(AT_ONCE)
    if unsettled is not None:
        statement = statement.where(_event.c.id < unsettled)
    return session.execute(statement).all()


def _late_entries(session: Session, now: datetime) -> list[Row[Any]]:
    """Entries that were committed after their run was sealed, and have no seal yet."""
    recent = select(_seal.c.missing, _seal.c.late).where(_seal.c.sealed_at > now - LATE)
    seals = session.execute(recent).all()
    sealed = {one for row in seals for one in row.late}
    ranges = sorted(range_ for row in seals for range_ in row.missing)
    return [
        entry
        for first, last in ranges
        for entry in entries_between(session, first, last)
        if entry.id not in sealed
    ]


def entries_between(session: Session, first: int, last: int) -> Sequence[Row[Any]]:
    """The entries with ids from `first` to `last`, both included, in order."""
    return session.execute(_EVENTS.where(_event.c.id.between(first, last))).all()
